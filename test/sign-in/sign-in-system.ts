import { type ServedSystem, serveSystem } from '../ingress/served-system.js';
import type { TestMailbox } from '../mailbox.js';
import { workingSystem } from '../system.js';

export interface SignInSystem extends ServedSystem {
  mailbox: TestMailbox;
}

let system: Promise<SignInSystem> | undefined;

/** An API that takes as many sign-ins as a test needs, behind a proxy that says who its clients are, and sends mail. */
export function signInSystem(): Promise<SignInSystem> {
  system ??= openSignInSystem({});
  return system;
}

/** One more of them, with settings of its own, and perhaps another name of its host. */
export async function openSignInSystem(environment: NodeJS.ProcessEnv, host?: string): Promise<SignInSystem> {
  const { mailbox } = await workingSystem();
  const limits = { signInsPerMinute: 100_000, refreshesPerMinute: 100_000 };
  const settings = { MAIL_URL: mailbox.url, ...environment };
  const served = await serveSystem({ trustProxy: 1, limits }, settings, host);
  return { ...served, mailbox };
}
