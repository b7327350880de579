import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { roleOfMember } from '#db/member-joins.js';
import { members, organizations, roles, users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { Organization, User } from './organization.js';

const Me = z.object({
  user: User,
  organization: Organization,
  role: z.object({ key: z.string(), name: z.string() }),
  permissions: z.array(z.string()).describe('Of the role, now'),
  scopes: z
    .array(z.string())
    .nullable()
    .describe('What an API key or grant narrows them to; null for a person'),
  mailboxPath: z.string().nullable().describe('Where the development mailbox is shown; null where it is off'),
});

/** Shows who the caller is, where, and with which rights. */
export const me = defineAction({
  name: 'identity.me',
  title: 'Show who I am',
  description: 'Shows the person, organization, role and permissions behind the credential.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/me' },
  input: z.strictObject({}),
  output: Me,
  async run({ db, actor, services }: DomainContext) {
    const [row] = await db
      .select({
        user: { id: users.id, name: users.name, email: users.email },
        organization: { id: organizations.id, name: organizations.name, slug: organizations.slug },
        role: { key: roles.key, name: roles.name },
      })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(organizations, eq(organizations.id, members.orgId))
      .innerJoin(roles, roleOfMember)
      .where(and(eq(members.orgId, actor.orgId), eq(members.userId, actor.userId)));
    if (!row) throw new AppError('not_found', 'There is no such member');
    return {
      ...row,
      permissions: [...actor.permissions],
      scopes: actor.scopes && [...actor.scopes],
      mailboxPath: services.configuration.DEV_MAILBOX_FOLDER === undefined ? null : '/dev/mailbox',
    };
  },
});
