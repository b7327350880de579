import { type Filter, parse } from 'scim2-parse-filter';
import { z } from 'zod';
import { invalidField } from '#core/errors.js';
import type { ScimOperations } from './scim-patch.js';

type Operation = z.output<typeof ScimOperations>[number];

const Values = z.union([z.array(z.object({ value: z.string() })), z.object({ value: z.string() })]);

/** The members of a group after the operations that are about them, and the operations that are not. */
export function changeMembers(
  present: readonly string[],
  operations: readonly Operation[],
): { memberIds: Set<string>; others: Operation[] } {
  let memberIds = new Set(present);
  const others: Operation[] = [];
  for (const operation of operations.flatMap(splitOperation)) {
    if (!isAboutMembers(operation.path)) others.push(operation);
    else memberIds = changed(memberIds, operation);
  }
  return { memberIds, others };
}

/** An operation without a path is one for each field of its value. */
function splitOperation({ op, path, value }: Operation): Operation[] {
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  if (path !== undefined || !fields.success) return [{ op, path, value }];
  return Object.entries(fields.data).map(([name, one]) => ({ op, path: name, value: one }));
}

function isAboutMembers(path: string | undefined): boolean {
  return /^(urn:ietf:params:scim:schemas:core:2\.0:group:)?members(\[|$)/i.test(path ?? '');
}

function changed(memberIds: Set<string>, { op, path = '', value }: Operation): Set<string> {
  const bracket = path.indexOf('[');
  if (bracket >= 0) {
    if (op !== 'remove') throw unusable('can select members to remove only');
    return without(memberIds, [selectedId(path.slice(bracket + 1, -1))]);
  }
  if (op === 'remove') return value == null ? new Set() : without(memberIds, idsIn(value));
  return op === 'replace' ? new Set(idsIn(value)) : new Set([...memberIds, ...idsIn(value)]);
}

/** `value eq "…"`, by which providers name one member. */
function selectedId(filter: string): string {
  const parsed = readFilter(filter);
  if (parsed.op !== 'eq' || !('compValue' in parsed) || parsed.attrPath.toLowerCase() !== 'value') {
    throw unusable('can select members by value eq only');
  }
  return String(parsed.compValue);
}

function readFilter(filter: string): Filter {
  try {
    return parse(filter);
  } catch {
    throw unusable('has a filter that can not be read');
  }
}

function idsIn(value: unknown): string[] {
  const parsed = Values.safeParse(value ?? []);
  if (!parsed.success)
    throw invalidField({ path: 'members', message: 'must be objects with the id as value' });
  const list = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  return list.map((member) => member.value);
}

function without(memberIds: ReadonlySet<string>, removed: readonly string[]): Set<string> {
  const gone = new Set(removed);
  return new Set([...memberIds].filter((id) => !gone.has(id)));
}

function unusable(message: string) {
  return invalidField({ path: 'path', message });
}
