import type { PublicAction } from '#core/action.js';
import type { PublicContext } from '../domain.js';
import { beginPublicCall, endPublicCall, forgetPublicCall, publicSlot } from '../public-calls.js';
import type { Services } from '../services.js';
import type { PerformOptions } from './perform.js';

/**
 * Performs what needs no credential. With a key, the first result comes again for the same input; a call that failed may
 * be tried again. `input` is parsed.
 */
export async function performPublicAction(
  services: Services,
  action: PublicAction<PublicContext>,
  { input, options }: { input: unknown; options: PerformOptions },
): Promise<unknown> {
  const { requestId, network, idempotencyKey } = options;
  const run = async () => {
    const context = { services, ...(requestId !== undefined && { requestId }) };
    return action.output.parse(await action.run(context, input));
  };
  if (idempotencyKey === undefined || network === undefined) return run();

  const call = { slot: publicSlot(network, idempotencyKey), action: action.name, input };
  const earlier = await beginPublicCall(services, call);
  if (earlier.isKnown) return earlier.output;
  const output = await run().catch(async (error: unknown) => {
    await forgetPublicCall(services.database, call.slot);
    throw error;
  });
  await endPublicCall(services, call, output);
  return output;
}
