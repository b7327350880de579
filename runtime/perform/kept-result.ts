import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import type { PackedValue } from '#core/automation/packed-value.js';
import type { FileStore } from '#core/connector.js';
import type { IdempotencySlot } from '../idempotency.js';
import { packValue, unpackValue } from '../packing.js';
import type { SecretPlace, Vault } from '../vault.js';

/** The output of a call in the form in which it is kept under its key: sealed where it holds a secret. */
export async function keepResult(
  { vault, files }: { vault: Vault; files: FileStore },
  action: ActionDescription,
  slot: IdempotencySlot,
  output: unknown,
): Promise<PackedValue> {
  if (!action.showsSecret) return packValue(files, output);
  return { inline: vault.seal(placeOfResult(slot), output) };
}

/** The first output again. */
export async function readResult(
  { vault, files }: { vault: Vault; files: FileStore },
  action: ActionDescription,
  slot: IdempotencySlot | undefined,
  kept: PackedValue,
): Promise<unknown> {
  const value = await unpackValue(files, kept);
  return action.showsSecret && slot ? vault.open(placeOfResult(slot), z.string().parse(value)) : value;
}

/** Where a sealed result belongs: its caller and key. */
export function placeOfResult({ orgId, principal, key }: IdempotencySlot): SecretPlace {
  return { orgId, rowId: `${principal}/${key}` };
}
