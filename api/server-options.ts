/** How a server differs from the defaults. */
export interface ServerOptions {
  /** Proxies in front whose X-Forwarded-For is believed: their number, or their addresses. None by default. */
  trustProxy?: number | string[];
  /** Serve /metrics to any client. By default only to a client on this host that came without a proxy. */
  isMetricsPublic?: boolean;
  limits?: Partial<Limits>;
  /** Aborted when the process is about to stop: live streams end. */
  stopping?: AbortSignal;
}

export interface Limits {
  /** Deliveries that one hook key may send in a second. */
  hookRequestsPerSecond: number;
  /** Requests of one organization that may wait for a run at a time. */
  waitingPerOrganization: number;
  /** Bodies with files, of up to 16 MiB each, that one organization may have in memory at a time. */
  fileBodiesPerOrganization: number;
  /** Forms that one network may send in a minute, and that one form may get. */
  formsPerMinute: number;
  formsPerFormPerMinute: number;
  /** Decisions by mailed links that one network may send in a minute. */
  linkDecisionsPerMinute: number;
  /** Tries to sign up, to log in and the like from one network in a minute. */
  signInsPerMinute: number;
  /** Requests by session cookie from one network in a minute. */
  refreshesPerMinute: number;
  /** Event streams that one person may hold open. */
  streamsPerUser: number;
}

export const defaultLimits: Limits = {
  hookRequestsPerSecond: 2_000,
  waitingPerOrganization: 100,
  fileBodiesPerOrganization: 8,
  formsPerMinute: 20,
  formsPerFormPerMinute: 600,
  linkDecisionsPerMinute: 60,
  signInsPerMinute: 30,
  refreshesPerMinute: 600,
  streamsPerUser: 20,
};
