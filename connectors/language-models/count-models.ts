import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { ModelContext } from './connection.js';
import { statusError } from './model-error.js';

const Listed = z.looseObject({ data: z.array(z.unknown()) });

/** Asks for the list of models, which costs nothing and needs a key that is taken. Throws as a call of a model does. */
export async function countModels(
  { config, fetch, signal }: ModelContext,
  provider: string,
  { path, headers }: { path: string; headers: Record<string, string> },
): Promise<{ account: string }> {
  const response = await fetch(`${config.baseUrl.replace(/\/+$/, '')}${path}`, { headers, signal });
  if (!response.ok) throw statusError(provider, { status: response.status, headers: response.headers });
  const listed = Listed.safeParse(await response.json().catch(() => undefined));
  if (!listed.success)
    throw new AppError('provider_unavailable', `${provider} did not answer with a list of models`);
  const { length } = listed.data.data;
  return { account: `${new URL(config.baseUrl).host}, ${length} ${length === 1 ? 'model' : 'models'}` };
}
