import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction, type Permission } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import { type FlagName, flags } from '#core/flags.js';
import { isPermitted } from '#core/permission.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { apiKeys, automations, automationVersions, grants, members, roles, users } from '#db/schema/index.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';

const Step = z.object({
  step: z.enum(['module', 'membership', 'role', 'credential', 'scopes']),
  holds: z.boolean(),
  text: z.string(),
});

type Step = z.output<typeof Step>;

const Principal = z.strictObject({ kind: z.enum(['user', 'api_key', 'automation']), id: z.uuid() });

/**
 * Tells why somebody may or may not do something now: each thing that it hangs on, in the order in which it is looked
 * at. Throws `validation` naming the principal, permission or action that there is none of.
 */
export const explainPermission = defineAction({
  name: 'permissions.explain',
  title: 'Explain permission',
  description:
    'Tells why a person, API key or automation may or may not do something now: membership, role, key or grant, scopes.',
  permission: 'permissions:explain',
  effect: 'read',
  http: { method: 'post', path: '/permissions/explain' },
  input: z
    .strictObject({
      principal: Principal,
      permission: z.string().max(100).optional(),
      action: z.string().max(100).optional(),
    })
    .refine(({ permission, action }) => (permission === undefined) !== (action === undefined), {
      path: ['permission'],
      message: 'give a permission or an action, and not both',
    }),
  output: z.object({
    allowed: z.boolean(),
    permission: z.string(),
    reasons: z.array(Step),
  }),
  async run({ db, actor, services }: DomainContext, { principal, ...wanted }) {
    const permission = permissionOf(services.catalogue, wanted);
    const credential = await readCredential(db, actor.orgId, principal);
    const module =
      wanted.action === undefined ? undefined : services.catalogue.actions.get(wanted.action)?.module;
    const reasons = [
      ...moduleSteps(actor, module),
      ...(await personSteps(db, actor.orgId, credential.userId, permission)),
      ...credentialSteps(credential, permission),
    ];
    return { allowed: reasons.every(({ holds }) => holds), permission, reasons };
  },
});

function moduleSteps({ off = [] }: Pick<Actor, 'off'>, module: FlagName | undefined): Step[] {
  if (module === undefined) return [];
  const holds = !off.includes(module);
  const { title } = flags[module];
  const text = holds
    ? `${title} is on in the organization.`
    : `${title} is switched off in the organization.`;
  return [{ step: 'module', holds, text }];
}

function permissionOf(
  { actions, permissions }: DomainContext['services']['catalogue'],
  wanted: { permission?: string | undefined; action?: string | undefined },
): Permission {
  if (wanted.action !== undefined) {
    const action = actions.get(wanted.action);
    if (!action || action.permission === 'public' || action.permission === 'self') {
      throw invalidField({ path: 'action', message: 'does not exist, or needs no permission' });
    }
    return action.permission;
  }
  const known = permissions.find((name): name is Permission => name === wanted.permission);
  if (known === undefined) throw invalidField({ path: 'permission', message: 'does not exist' });
  return known;
}

/** What somebody acts by: nothing but themselves, a key, or the grant of a published automation. */
type Credential =
  | { kind: 'user'; userId: string }
  | {
      kind: 'api_key' | 'automation';
      userId: string;
      scopes: readonly string[];
      isValid: boolean;
      name: string;
    };

async function readCredential(
  db: Transaction,
  orgId: string,
  { kind, id }: z.output<typeof Principal>,
): Promise<Credential> {
  if (kind === 'user') return { kind, userId: id };
  const [found] =
    kind === 'api_key'
      ? await db
          .select({
            name: apiKeys.name,
            userId: apiKeys.userId,
            scopes: apiKeys.scopes,
            isValid: sql<boolean>`${apiKeys.revokedAt} IS NULL AND coalesce(${apiKeys.expiresAt} > now(), true)`,
          })
          .from(apiKeys)
          .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, id)))
      : await db
          .select({
            name: automations.name,
            userId: grants.onBehalfOf,
            scopes: grants.scopes,
            isValid: sql<boolean>`${grants.revokedAt} IS NULL AND coalesce(${grants.expiresAt} > now(), true)`,
          })
          .from(automations)
          .innerJoin(
            automationVersions,
            and(
              eq(automationVersions.orgId, automations.orgId),
              eq(automationVersions.automationId, automations.id),
              eq(automationVersions.version, automations.publishedVersion),
            ),
          )
          .innerJoin(
            grants,
            and(eq(grants.orgId, automations.orgId), eq(grants.id, automationVersions.grantId)),
          )
          .where(and(eq(automations.orgId, orgId), eq(automations.id, id)));
  const what = kind === 'api_key' ? 'does not exist' : 'does not exist, or is not published';
  if (!found) throw invalidField({ path: 'principal.id', message: what });
  return { kind, ...found };
}

async function personSteps(
  db: Transaction,
  orgId: string,
  userId: string,
  permission: Permission,
): Promise<Step[]> {
  const [row] = await db
    .select({
      name: users.name,
      status: members.status,
      role: roles.name,
      permissions: roles.permissions,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(roles, roleOfMember)
    .where(and(eq(members.orgId, orgId), eq(members.userId, userId)));
  if (!row) throw invalidField({ path: 'principal.id', message: 'is not a member' });
  const isActive = row.status === 'active';
  const membership = isActive
    ? `${row.name} is an active member of the organization.`
    : `${row.name} is ${row.status}: nobody acts by their rights.`;
  const holds = isPermitted(row.permissions, permission);
  const entry = row.permissions.find((held) => isPermitted([held], permission));
  const role = holds
    ? `The role ${row.role} holds ${permission}${entry === permission ? '' : `, by ${entry}`}.`
    : `The role ${row.role} does not hold ${permission}.`;
  return [
    { step: 'membership', holds: isActive, text: membership },
    { step: 'role', holds, text: role },
  ];
}

function credentialSteps(credential: Credential, permission: Permission): Step[] {
  if (credential.kind === 'user') return [];
  const { kind, name, scopes, isValid } = credential;
  const what = kind === 'api_key' ? `The API key ${name}` : `The grant of the automation ${name}`;
  const isWithin = isPermitted(scopes, permission);
  return [
    {
      step: 'credential',
      holds: isValid,
      text: isValid ? `${what} is valid.` : `${what} is revoked or has expired.`,
    },
    {
      step: 'scopes',
      holds: isWithin,
      text: isWithin
        ? `${permission} is within its scopes.`
        : `${permission} is not within its scopes: ${scopes.join(', ')}.`,
    },
  ];
}
