import { verify } from '@node-rs/argon2';
import type { App } from '#app.js';
import { hashPassword } from '#domains/identity/password.js';
import { createCookieJar } from '#runtime/cookie-jar.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { summarize, timed } from './statistics.js';

export interface LogInResult {
  logInsPerSecond: number;
  /** The hash alone, as many side by side. */
  bareHashesPerSecond: number;
  /** Beside log-ins, calls that hash nothing: how long one takes (p50 of all). */
  readBesideMs: number;
  readAloneMs: number;
}

/** People, each in a browser of their own in which they have signed in before. */
const atOnce = 16;
const periodMs = 5_000;

/**
 * Log-ins of several people side by side, against the bare work of their password hashes, in turn on the same machine; and
 * what a read takes meanwhile, which would wait if log-ins held connections while they hash.
 */
export async function measureLogIn(app: App): Promise<LogInResult> {
  const organizations: BuiltOrganization[] = [];
  for (let made = 0; made < atOnce; made += 1) organizations.push(await buildOrganization(app));
  const password = 'correct horse battery';
  const hash = await hashPassword(password);
  const bare = () => verify(hash, password);
  const devices = new Map<number, string>();
  const logIn = async (index: number) => {
    const lane = index % atOnce;
    const { email, password: own } = organizations[lane] ?? { email: '', password: '' };
    const device = devices.get(lane);
    const cookies = createCookieJar(device === undefined ? {} : { device });
    await app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password: own }, { cookies });
    const kept = cookies.changes.get('device')?.value;
    if (kept != null) devices.set(lane, kept);
  };
  const [reader] = organizations;
  if (!reader) throw new Error('There is nobody to read');
  const read = () => app.perform(reader.caller, 'tasks.list', {});
  await perSecond(1_000, bare);
  await perSecond(1_000, logIn);

  const rates = { bare: 0, logIn: 0 };
  const reads: { alone: number[]; beside: number[] } = { alone: [], beside: [] };
  for (let round = 0; round < 2; round += 1) {
    rates.bare += await perSecond(periodMs, bare);
    reads.alone.push(...(await timedFor(1_000, read)));
    rates.logIn += await perSecond(periodMs, logIn);
    const [, beside] = await Promise.all([perSecond(1_000, logIn), timedFor(1_000, read)]);
    reads.beside.push(...beside);
  }
  return {
    logInsPerSecond: rates.logIn / 2,
    bareHashesPerSecond: rates.bare / 2,
    readBesideMs: summarize(reads.beside).p50,
    readAloneMs: summarize(reads.alone).p50,
  };
}

/** How often work is done within a second, `atOnce` side by side. */
async function perSecond(forMs: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let done = 0;
  const lane = async (first: number) => {
    for (let index = first; performance.now() - began < forMs; index += atOnce) {
      await work(index);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, first) => lane(first)));
  return (done / (performance.now() - began)) * 1_000;
}

async function timedFor(forMs: number, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    samples.push(await timed(work));
  }
  return samples;
}
