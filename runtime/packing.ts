import { z } from 'zod';
import { isReference, jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import type { FileStore } from '#core/connector.js';

/** A packed value as it is kept in a row. */
export const StoredValue = z.union([
  z.object({ inline: z.unknown() }),
  z.object({ ref: z.string(), size: z.number() }),
]);

/** Keeps a JSON value inline up to `maxSize` bytes, else stores it and keeps the reference. */
export async function packValue(
  files: FileStore,
  value: unknown,
  maxSize = maxInlineSize,
): Promise<PackedValue> {
  if (jsonSize(value) <= maxSize) return { inline: value ?? null };
  const { sha256, size } = await files.put(Buffer.from(JSON.stringify(value)), 'application/json');
  return { ref: sha256, size };
}

/** The value itself. Throws `not_found` if a stored one is gone. */
export async function unpackValue(files: FileStore, packed: PackedValue): Promise<unknown> {
  if (!isReference(packed)) return packed.inline;
  return JSON.parse(Buffer.from(await files.get(packed.ref)).toString('utf8'));
}
