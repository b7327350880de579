import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { organizations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

const days = z.int().min(1).max(3650);

const Settings = z.object({
  id: z.uuid(),
  runRetentionDays: days.describe('Days for which ended runs are kept'),
  isDefaultRetention: z.boolean().describe('The days are those of the deployment, not of this organization'),
});

export const getSettings = defineAction({
  name: 'organization.get_settings',
  title: 'Show settings of the organization',
  description: 'Shows for how long the organization keeps what its runs leave.',
  permission: 'organization:read',
  effect: 'read',
  http: { method: 'get', path: '/organization/settings' },
  input: z.strictObject({}),
  output: Settings,
  run: readSettings,
});

export const updateSettings = defineAction({
  name: 'organization.update_settings',
  title: 'Change settings of the organization',
  description:
    'Changes for how long the organization keeps what its runs leave: runs, steps, deliveries. What is older is deleted within the next hours. Audit entries and events stay.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'patch', path: '/organization/settings' },
  input: z.strictObject({
    runRetentionDays: days.nullable().describe('1 to 3,650; null: as the deployment has it'),
  }),
  output: Settings,
  async run(context: DomainContext, { runRetentionDays }) {
    const { db, actor } = context;
    await db.update(organizations).set({ runRetentionDays }).where(eq(organizations.id, actor.orgId));
    return readSettings(context);
  },
});

async function readSettings({ db, actor, services }: DomainContext): Promise<z.output<typeof Settings>> {
  const { orgId: id } = actor;
  const [row] = await db
    .select({ days: organizations.runRetentionDays })
    .from(organizations)
    .where(eq(organizations.id, id));
  if (!row) throw new AppError('not_found', 'There is no such organization');
  const runRetentionDays = row.days ?? services.configuration.RUN_RETENTION_DAYS;
  return { id, runRetentionDays, isDefaultRetention: row.days === null };
}
