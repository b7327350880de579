import type { ActionDescription } from '#core/action.js';
import type { FileStore } from '#core/connector.js';
import { type AuditedChange, auditEntry } from '../audit.js';
import { hashInput } from '../idempotency.js';
import { packValue } from '../packing.js';
import type { CallRecords } from '../records.js';
import type { Admission } from './admit.js';
import type { Call } from './call.js';

/** What a call that was carried out leaves behind: its audit entry, and its result where it came with a key. */
export async function recordsOf(
  files: FileStore,
  action: ActionDescription,
  call: Call,
  { actor, input, slot }: Admission,
  output: unknown,
  change?: AuditedChange,
): Promise<CallRecords> {
  const { requestId, origin } = call.options;
  const audit = auditEntry(actor, action, { input, output, requestId, origin, change });
  if (!slot) return { orgId: actor.orgId, audit };
  const kept = { action: action.name, inputHash: hashInput(input), output: await packValue(files, output) };
  return { orgId: actor.orgId, audit, result: { ...slot, ...kept } };
}
