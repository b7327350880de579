/** `session` holds a refresh token, `device` tells that somebody has signed in from this browser before. */
export type CookieName = 'session' | 'device';

export interface CookieChange {
  /** Null takes it away. */
  value: string | null;
  maxAgeSeconds: number;
}

/**
 * The cookies of one request, and what an action makes of them. Only the edge reads and writes real ones: what is in
 * here is in no input, no output and no record.
 */
export interface CookieJar {
  /** As it came with the request. */
  get(name: CookieName): string | undefined;
  keep(name: CookieName, value: string, maxAgeSeconds: number): void;
  drop(name: CookieName): void;
  readonly changes: ReadonlyMap<CookieName, CookieChange>;
}

export function createCookieJar(came: Partial<Record<CookieName, string>> = {}): CookieJar {
  const changes = new Map<CookieName, CookieChange>();
  return {
    get: (name) => came[name],
    keep: (name, value, maxAgeSeconds) => {
      changes.set(name, { value, maxAgeSeconds });
    },
    drop: (name) => {
      changes.set(name, { value: null, maxAgeSeconds: 0 });
    },
    changes,
  };
}
