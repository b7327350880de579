import type { PublicAction } from '#core/action.js';
import { type CookieJar, createCookieJar } from '../cookie-jar.js';
import type { PublicContext } from '../domain.js';
import { beginPublicCall, endPublicCall, forgetPublicCall, publicSlot } from '../public-calls.js';
import { noOrigin } from '../request-origin.js';
import type { Services } from '../services.js';
import type { PerformOptions } from './perform.js';

/**
 * Performs what needs no credential. With a key, the first result comes again for the same input, cookies included; a
 * call that failed may be tried again. `input` is parsed.
 */
export async function performPublicAction(
  services: Services,
  action: PublicAction<PublicContext>,
  { input, options }: { input: unknown; options: PerformOptions },
): Promise<unknown> {
  const { requestId, idempotencyKey, origin = noOrigin, cookies = createCookieJar() } = options;
  const run = async () => {
    const context = { services, origin, cookies, ...(requestId !== undefined && { requestId }) };
    return action.output.parse(await action.run(context, input));
  };
  if (idempotencyKey === undefined || origin.network === null) return run();

  const call = {
    slot: publicSlot(origin.network, idempotencyKey),
    action: action.name,
    input: whatIsAsked(action, input, cookies),
  };
  const earlier = await beginPublicCall(services, call);
  if (earlier) {
    for (const [name, { value, maxAgeSeconds }] of earlier.cookies) {
      if (value === null) cookies.drop(name);
      else cookies.keep(name, value, maxAgeSeconds);
    }
    return earlier.output;
  }
  const output = await run().catch(async (error: unknown) => {
    await forgetPublicCall(services.database, call.slot);
    throw error;
  });
  await endPublicCall(services, call, { output, cookies: [...cookies.changes] });
  return output;
}

/** Who acts by a session says so by its cookie: it is part of what is asked. */
function whatIsAsked(action: PublicAction<PublicContext>, input: unknown, cookies: CookieJar): unknown {
  return action.cookies === 'uses' ? { input, session: cookies.get('session') ?? null } : input;
}
