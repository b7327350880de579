import type { Request } from 'express';
import type { Effect } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { PerformOptions } from '#runtime/perform/perform.js';
import { originOf } from './client-network.js';
import { contextOf } from './request-context.js';

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/**
 * What a request says about how to perform: its id, from where it comes, and its `Idempotency-Key` unless it only reads.
 * Throws `validation` for a key that is not 1 to 255 visible ASCII characters.
 */
export function callOptions(request: Request, effect: Effect): PerformOptions {
  const { requestId } = contextOf(request);
  const origin = originOf(request);
  const idempotencyKey = readKeyHeader(request, 'Idempotency-Key');
  return idempotencyKey === undefined || effect === 'read'
    ? { requestId, origin }
    : { requestId, origin, idempotencyKey };
}

/** A header that holds a key chosen by the caller; undefined if absent. Throws `validation`. */
export function readKeyHeader(request: Request, name: string): string | undefined {
  const value = request.get(name);
  if (value === undefined) return undefined;
  if (visibleAscii.test(value)) return value;
  const message = 'must be 1 to 255 visible ASCII characters';
  throw new AppError('validation', `${name} ${message}`, { issues: [{ path: name, message }] });
}
