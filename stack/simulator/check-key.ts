import { timingSafeEqual } from 'node:crypto';
import type { Exchange } from './exchange.js';
import { ModelError } from './model-error.js';

/** Checks `Authorization: Bearer` or `x-api-key`. Throws ModelError `unauthenticated`. */
export function checkKey(exchange: Exchange, key: string, isAnthropic: boolean): void {
  const bearer = /^Bearer (.+)$/.exec(exchange.header('authorization') ?? '')?.[1];
  const given = (isAnthropic ? exchange.header('x-api-key') : undefined) ?? bearer;
  if (given !== undefined && isSame(given, key)) return;
  if (isAnthropic)
    throw new ModelError('unauthenticated', given ? 'invalid x-api-key' : 'x-api-key header is required');
  throw new ModelError(
    'unauthenticated',
    given
      ? 'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.'
      : "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  );
}

function isSame(given: string, key: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}
