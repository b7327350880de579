import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { GitHubContext } from './connection.js';
import { toGitHubError } from './github-error.js';

const silent = () => {};

/**
 * Calls GitHub's REST API and reads the answer with `schema`. No retries: the step's own retry policy decides.
 * Throws AppError (github-error.ts), or the signal's reason when the step is cancelled.
 */
export async function callGitHub<Schema extends z.ZodType>(
  context: GitHubContext,
  schema: Schema,
  call: (octokit: Octokit) => Promise<{ data: unknown }>,
): Promise<z.output<Schema>> {
  try {
    const { data } = await call(createClient(context));
    return readAnswer(schema, data);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    throw toGitHubError(error);
  }
}

function createClient({ config, secret, fetch, signal }: GitHubContext): Octokit {
  return new Octokit({
    auth: secret.token,
    baseUrl: config.apiUrl.replace(/\/+$/, ''),
    userAgent: 'WorkSynapse',
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch, signal },
  });
}

function readAnswer<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const cause = z.prettifyError(read.error);
  throw new AppError('provider_unavailable', "GitHub's answer could not be read.", { cause });
}
