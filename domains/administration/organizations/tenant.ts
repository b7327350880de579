import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { type FlagDefinition, flagNames, flags, isFlagOn, isWithinPlan, plans } from '#core/flags.js';
import type { Transaction } from '#db/client.js';
import { members, organizationFlags, organizations, platformFlags, supportGrants } from '#db/schema/index.js';

/** How many grants of support access one organization may have open. */
export const maxOpenGrants = 20;

const Flag = z.object({
  name: z.enum(flagNames),
  isOn: z.boolean(),
  isInPlan: z.boolean().describe('By its plan, or by what the platform says in place of it'),
  imposed: z.boolean().nullable().describe('What the platform says; null: the plan counts'),
});

/** What the platform knows of an organization: nothing of its work. */
export const Tenant = z.object({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  plan: z.enum(plans),
  members: z.int().describe('Who are active'),
  createdAt: z.iso.datetime(),
  eraseAt: z.iso.datetime().nullable().describe('Deleted: when it is erased for good'),
  suspendedAt: z.iso.datetime().nullable(),
  suspensionReason: z.string().nullable(),
  flags: z.array(Flag),
  supportGrants: z
    .array(z.object({ id: z.uuid(), isReadOnly: z.boolean(), expiresAt: z.iso.datetime() }))
    .describe('Open ones, by which super-users are let in'),
});

/** The organization of the transaction. Throws `not_found`. */
export async function readTenant(db: Transaction, orgId: string): Promise<z.input<typeof Tenant>> {
  const [row] = await db
    .select({
      id: organizations.id,
      name: organizations.name,
      slug: organizations.slug,
      plan: organizations.plan,
      createdAt: organizations.createdAt,
      eraseAt: organizations.eraseAt,
      suspendedAt: organizations.suspendedAt,
      suspensionReason: organizations.suspensionReason,
    })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  if (!row) throw new AppError('not_found', 'There is no such organization');
  const active = await db.$count(members, and(eq(members.orgId, orgId), eq(members.status, 'active')));
  const grants = await db
    .select({
      id: supportGrants.id,
      isReadOnly: sql<boolean>`${supportGrants.roleId} IS NULL`,
      expiresAt: supportGrants.expiresAt,
    })
    .from(supportGrants)
    .where(
      and(
        eq(supportGrants.orgId, orgId),
        isNull(supportGrants.revokedAt),
        gt(supportGrants.expiresAt, sql`now()`),
      ),
    )
    .orderBy(supportGrants.createdAt)
    .limit(maxOpenGrants);
  return { ...row, members: active, flags: await readFlags(db, orgId, row.plan), supportGrants: grants };
}

async function readFlags(db: Transaction, orgId: string, plan: (typeof plans)[number]) {
  const own = await db.select().from(organizationFlags).where(eq(organizationFlags.orgId, orgId));
  const said = await db.select().from(platformFlags).where(eq(platformFlags.orgId, orgId));
  return flagNames.map((name) => {
    const definition: FlagDefinition = flags[name];
    const imposed = said.find((row) => row.name === name)?.isOn;
    const override = own.find((row) => row.name === name)?.isOn;
    return {
      name,
      isOn: isFlagOn(definition, plan, override, imposed),
      isInPlan: isWithinPlan(definition, plan, imposed),
      imposed: imposed ?? null,
    };
  });
}
