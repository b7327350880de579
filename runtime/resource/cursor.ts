import { z } from 'zod';
import { type AppError, invalidField } from '#core/errors.js';
import type { Sort } from './sorts.js';

/** The place after a row: its sort value as text, or null where it has none, and its id. */
export interface Cursor {
  value: string | null;
  id: string;
}

const maxLength = 4_000;
const Contents = z.tuple([z.string(), z.string().nullable(), z.uuid()]);

/** A cursor as callers see it: base64url of JSON, opaque to them. `sortKey` is the whole order, as `-dueDate`. */
export function encodeCursor(sortKey: string, { value, id }: Cursor): string {
  return writeCursor([sortKey, value, id]);
}

/** Any place in a list as a cursor: base64url of JSON, opaque to callers. */
export function writeCursor(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor names. Throws `validation` with the path `cursor` if it is none of this schema. */
export function readCursor<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const place = schema.safeParse(parseJson(text));
  if (!place.success) throw refusal('is not a cursor of this list');
  return place.data;
}

/** Reads a cursor. Throws `validation` with the path `cursor` if it is garbage or belongs to another order. */
export function decodeCursor(text: string, sortKey: string, sort: Sort): Cursor {
  const [ownSortKey, value, id] = readCursor(Contents, text);
  if (ownSortKey !== sortKey) throw refusal(`belongs to the order ${ownSortKey}, not ${sortKey}`);
  const isUsable = value === null ? sort.isNullable : sort.cursorValue.safeParse(value).success;
  if (!isUsable) throw refusal('is not a cursor of this list');
  return { value, id };
}

function parseJson(text: string): unknown {
  if (text.length > maxLength) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function refusal(message: string): AppError {
  return invalidField({ path: 'cursor', message });
}
