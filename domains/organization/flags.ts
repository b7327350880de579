import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { type FlagDefinition, flagNames, flags, isFlagOn, isWithinPlan, plans } from '#core/flags.js';
import { organizationFlags, organizations, platformFlags } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { lockOrganization } from '#runtime/membership/lock-people.js';

const Flag = z.object({
  name: z.enum(flagNames),
  kind: z.enum(['module', 'feature']),
  title: z.string(),
  description: z.string(),
  isOn: z.boolean(),
  isInPlan: z.boolean().describe('Only what the plan has can be switched'),
});

const Flags = z.object({ plan: z.enum(plans), items: z.array(Flag) });

/** Every flag with what it is here: what a user interface shows follows from it. */
export const listFlags = defineAction({
  name: 'flags.list',
  title: 'List flags',
  description: 'Lists modules and features, and whether each is on in the organization.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/flags' },
  input: z.strictObject({}),
  output: Flags,
  run: readFlags,
});

/** Switches a module or feature of the plan off or on. Throws `conflict` for one that the plan does not have. */
export const setFlag = defineAction({
  name: 'flags.set',
  title: 'Switch flag',
  description: 'Switches a module or feature off, or on again. What a module holds stays while it is off.',
  permission: 'organization:update',
  effect: 'write',
  http: { method: 'put', path: '/flags/:name' },
  input: z.strictObject({ name: z.enum(flagNames), isOn: z.boolean() }),
  output: Flags,
  async run(context: DomainContext, { name, isOn }) {
    const { db, actor, audit } = context;
    await lockOrganization(db, actor.orgId);
    const before = await readFlags(context);
    const { plan, items } = before;
    if (!items.some((flag) => flag.name === name && flag.isInPlan))
      throw new AppError('conflict', `The plan ${plan} does not have ${name}`);
    const target = [organizationFlags.orgId, organizationFlags.name];
    await db
      .insert(organizationFlags)
      .values({ orgId: actor.orgId, name, isOn })
      .onConflictDoUpdate({ target, set: { isOn } });
    const after = await readFlags(context);
    audit(changeBetween(switches(before), switches(after), [name]));
    return after;
  },
});

/** What is on, by name. */
function switches({ items }: z.output<typeof Flags>): Record<string, boolean> {
  return Object.fromEntries(items.map(({ name, isOn }) => [name, isOn]));
}

async function readFlags({ db, actor }: DomainContext): Promise<z.output<typeof Flags>> {
  const rows = await db
    .select({ plan: organizations.plan, name: organizationFlags.name, isOn: organizationFlags.isOn })
    .from(organizations)
    .leftJoin(organizationFlags, and(eq(organizationFlags.orgId, organizations.id)))
    .where(eq(organizations.id, actor.orgId));
  const imposed = await db
    .select({ name: platformFlags.name, isOn: platformFlags.isOn })
    .from(platformFlags)
    .where(eq(platformFlags.orgId, actor.orgId));
  const [first] = rows;
  if (!first) throw new AppError('not_found', 'There is no such organization');
  const { plan } = first;
  const items = flagNames.map((name) => {
    const definition: FlagDefinition = flags[name];
    const { kind, title, description } = definition;
    const override = rows.find((row) => row.name === name)?.isOn ?? undefined;
    const said = imposed.find((row) => row.name === name)?.isOn;
    const isOn = isFlagOn(definition, plan, override, said);
    return { name, kind, title, description, isOn, isInPlan: isWithinPlan(definition, plan, said) };
  });
  return { plan, items };
}
