import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { members, organizations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { readComplianceSettings } from '#runtime/security/compliance-settings.js';
import { SecurityKindName } from '#runtime/security/security-kinds.js';

const alertKinds = z
  .array(SecurityKindName)
  .max(50)
  .describe('What is told by mail; of access by support owners are told in any case');
const alertUserIds = z.array(z.uuid()).max(20).describe('Who is told; nobody named: the owners');
const alertsPerHour = z.int().min(1).max(100).describe('More than these are not mailed, only listed');

const Settings = z.object({
  alertKinds: z.array(z.string()),
  alertUserIds,
  alertsPerHour,
});

export const getComplianceSettings = defineAction({
  name: 'compliance.get_settings',
  title: 'Show compliance settings',
  description: 'Who is told of which security events.',
  permission: 'compliance:read',
  effect: 'read',
  http: { method: 'get', path: '/compliance/settings' },
  input: z.strictObject({}),
  output: Settings,
  run: async ({ db }: DomainContext) => shown(await readComplianceSettings(db)),
});

export const updateComplianceSettings = defineAction({
  name: 'compliance.update_settings',
  title: 'Change compliance settings',
  description: 'Changes who is told of which security events.',
  permission: 'compliance:update',
  effect: 'write',
  http: { method: 'patch', path: '/compliance/settings' },
  input: z.strictObject({ alertKinds, alertUserIds, alertsPerHour }).partial(),
  output: Settings,
  async run({ db, actor, audit }: DomainContext, changes) {
    await requireMembers(db, changes.alertUserIds ?? []);
    const before = shown(await readComplianceSettings(db));
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (given.length === 0) return before;
    await db.update(organizations).set(Object.fromEntries(given)).where(eq(organizations.id, actor.orgId));
    const after = shown(await readComplianceSettings(db));
    audit({ before, after });
    return after;
  },
});

function shown({
  alertKinds: kinds,
  alertUserIds: people,
  ...numbers
}: Awaited<ReturnType<typeof readComplianceSettings>>) {
  return {
    alertKinds: [...kinds],
    alertUserIds: [...people],
    alertsPerHour: numbers.alertsPerHour,
  };
}

/** Throws `validation` naming each person who is no active member. */
async function requireMembers(db: Transaction, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const found = await db
    .select({ userId: members.userId })
    .from(members)
    .where(and(inArray(members.userId, [...userIds]), eq(members.status, 'active')));
  const known = new Set(found.map(({ userId }) => userId));
  const issues = userIds.flatMap((userId, index) =>
    known.has(userId) ? [] : [{ path: `alertUserIds.${index}`, message: 'is no active member' }],
  );
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}
