import { type ServedSystem, serveSystem } from '../ingress/served-system.js';

let system: Promise<ServedSystem> | undefined;

/** An API that takes as many sign-ins as a test needs, behind a proxy that says who its clients are. */
export function signInSystem(): Promise<ServedSystem> {
  system ??= serveSystem({
    trustProxy: 1,
    limits: { signInsPerMinute: 100_000, refreshesPerMinute: 100_000 },
  });
  return system;
}
