import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { organizations } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';

const maxDays = z
  .int()
  .min(1)
  .max(3650)
  .nullable()
  .describe('Days after which a new key ends at the latest; null: it may be good for ever');
const Rules = z.object({ id: z.uuid().describe('Of the organization'), maxDays });

export const getApiKeyRules = defineAction({
  name: 'api_keys.get_rules',
  title: 'Show rules for API keys',
  description: 'Shows for how long the API keys of the organization may be good.',
  permission: 'api_keys:read',
  effect: 'read',
  http: { method: 'get', path: '/api-keys/rules' },
  input: z.strictObject({}),
  output: Rules,
  run: readRules,
});

export const updateApiKeyRules = defineAction({
  name: 'api_keys.update_rules',
  title: 'Change rules for API keys',
  description:
    'Changes for how long the API keys of the organization may be good. It holds for keys that are made or rotated from now on; those that are there keep their end.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'patch', path: '/api-keys/rules' },
  input: z.strictObject({ maxDays }),
  output: Rules,
  async run(context: DomainContext, { maxDays: apiKeyMaxDays }) {
    const { db, actor } = context;
    await db.update(organizations).set({ apiKeyMaxDays }).where(eq(organizations.id, actor.orgId));
    return readRules(context);
  },
});

async function readRules({ db, actor }: DomainContext): Promise<z.output<typeof Rules>> {
  const [row] = await db
    .select({ id: organizations.id, maxDays: organizations.apiKeyMaxDays })
    .from(organizations)
    .where(eq(organizations.id, actor.orgId));
  if (!row) throw new AppError('not_found', 'There is no such organization');
  return row;
}
