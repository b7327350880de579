import type { ActionDescription } from '#core/action.js';
import type { FileStore } from '#core/connector.js';
import { auditEntry } from '../audit.js';
import { hashInput } from '../idempotency.js';
import type { CallRecords } from '../records.js';
import type { Vault } from '../vault.js';
import type { Admission } from './admit.js';
import type { Call } from './call.js';
import { keepResult } from './kept-result.js';

/** What a call that was carried out leaves behind: its audit entry, and its result where it came with a key. */
export async function recordsOf(
  stores: { vault: Vault; files: FileStore },
  action: ActionDescription,
  call: Call,
  { actor, input, slot }: Admission,
  output: unknown,
): Promise<CallRecords> {
  const audit = auditEntry(actor, action, { input, output, requestId: call.options.requestId });
  if (!slot) return { orgId: actor.orgId, audit };
  const kept = await keepResult(stores, action, slot, output);
  const result = { ...slot, action: action.name, inputHash: hashInput(input), output: kept };
  return { orgId: actor.orgId, audit, result };
}
