/** Where a request came from, as the edge saw it. */
export interface RequestOrigin {
  /** Address of the client; null where there is none. */
  ip: string | null;
  /** Address or, with IPv6, the network of one subscriber: what counts as one in limits. */
  network: string | null;
  userAgent: string | null;
}

/** Of what no request asked for. */
export const noOrigin: RequestOrigin = { ip: null, network: null, userAgent: null };
