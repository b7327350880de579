import type { Dialect } from './dialect.js';
import type { Exchange } from './exchange.js';
import { ModelError } from './model-error.js';
import type { Reply } from './reply.js';
import type { Failure } from './script.js';

/** Sends an answer whole or as a stream, with what is to go wrong. Throws ModelError for what goes wrong before it. */
export async function answerConversation(
  exchange: Exchange,
  dialect: Dialect,
  reply: Reply,
  failure: Failure | undefined,
  streamed: { isStreamed: boolean; includesUsage: boolean },
): Promise<void> {
  throwFailure(failure);
  if (failure?.kind === 'hang') return await exchange.hang();
  if (failure?.kind === 'slow') await exchange.pause(failure.firstTokenMs);
  if (streamed.isStreamed) return await stream(exchange, dialect, reply, failure, streamed.includesUsage);
  await sendWhole(exchange, dialect, reply, failure);
}

/** Throws the error that stands in place of an answer. */
export function throwFailure(failure: Failure | undefined): void {
  switch (failure?.kind) {
    case 'rate_limited': {
      const { retryAfterSeconds } = failure;
      throw new ModelError('rate_limited', 'Rate limit reached for requests. Please try again later.', {
        retryAfterSeconds,
      });
    }
    case 'server_error':
      throw serverError();
    case 'overloaded':
      throw new ModelError('overloaded', 'Overloaded');
    case 'context_length':
      throw contextTooLong();
  }
}

/** The answer to a prompt that is longer than the model's context; both vendors' clients find their words in it. */
export function contextTooLong(tokens = 200_000, limit = 128_000): ModelError {
  return new ModelError(
    'context_length',
    `prompt is too long: ${tokens} tokens > ${limit} maximum. This model's maximum context length is ${limit} tokens; ` +
      'please reduce the length of the messages.',
    { param: 'messages' },
  );
}

async function sendWhole(exchange: Exchange, dialect: Dialect, reply: Reply, failure: Failure | undefined) {
  const text = JSON.stringify(dialect.whole(reply));
  const headers = dialect.headers(exchange.requestId);
  if (failure?.kind === 'stream_error') throw serverError();
  if (failure?.kind === 'cut_stream') return exchange.sendHalf(headers, text);
  const isMalformed = failure?.kind === 'malformed_json' && failure.where === 'body';
  exchange.sendText(200, headers, isMalformed ? text.slice(0, Math.floor(text.length / 2)) : text);
}

async function stream(
  exchange: Exchange,
  dialect: Dialect,
  reply: Reply,
  failure: Failure | undefined,
  includesUsage: boolean,
): Promise<void> {
  exchange.beginStream(dialect.headers(exchange.requestId));
  const breaksAfter =
    failure?.kind === 'cut_stream' || failure?.kind === 'stream_error'
      ? failure.afterChunks
      : Number.POSITIVE_INFINITY;
  let sent = 0;
  for (const event of dialect.events(reply, includesUsage)) {
    if (sent >= breaksAfter) break;
    if (sent > 0 && failure?.kind === 'slow') await exchange.pause(failure.betweenChunksMs);
    await exchange.writeEvent(isMalformed(failure, sent) ? malformed(event) : event);
    sent += 1;
  }
  if (failure?.kind === 'cut_stream') return exchange.breakOff();
  if (failure?.kind === 'stream_error')
    await exchange.writeEvent(dialect.errorEvent(serverError(), exchange.requestId));
  exchange.endStream();
}

/** The second chunk, so that something sound came before. */
function isMalformed(failure: Failure | undefined, sent: number): boolean {
  return failure?.kind === 'malformed_json' && failure.where === 'body' && sent === 2;
}

function malformed(event: string): string {
  return `${event.trimEnd().slice(0, -8)}\n\n`;
}

function serverError(): ModelError {
  return new ModelError(
    'server_error',
    'The server had an error while processing your request. Sorry about that!',
  );
}
