import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { SlackContext } from './connection.js';
import { toSlackError } from './slack-error.js';

const silent = () => {};

const noLog: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => LogLevel.ERROR,
};

/**
 * Calls a method of Slack's Web API and reads the answer with `schema`. No retries and no waiting: the step's own
 * retry policy decides. Throws AppError (slack-error.ts), or the signal's reason when the step is cancelled.
 */
export async function callSlack<Schema extends z.ZodType>(
  context: SlackContext,
  method: string,
  given: Record<string, unknown>,
  schema: Schema,
): Promise<z.output<Schema>> {
  try {
    return readAnswer(schema, await createClient(context).apiCall(method, given));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    throw toSlackError(error);
  }
}

function createClient({ config, secret, fetch, signal }: SlackContext): WebClient {
  return new WebClient(secret.token, {
    slackApiUrl: config.apiUrl,
    fetch: (url, init) => fetch(url, { ...init, signal }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: noLog,
  });
}

function readAnswer<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const cause = z.prettifyError(read.error);
  throw new AppError('provider_unavailable', "Slack's answer could not be read.", { cause });
}
