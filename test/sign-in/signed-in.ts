import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { members, roles, users } from '#db/schema/index.js';
import type { BuilderApp } from '../builders/builder-app.js';
import type { Visited } from './following-browser.js';

const Session = z.object({
  accessToken: z.string(),
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  organization: z.object({ id: z.uuid() }),
});

/** The session that a way through a provider ended in. Throws with the page's text for any other end. */
export async function sessionOf({ response }: Visited) {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return Session.parse(await response.json());
}

/** Mail addresses of an organization's members with the keys of their roles. */
export async function roleOfMembers(app: BuilderApp, orgId: string): Promise<Record<string, string>> {
  const rows = await app.services.database.withOrg(orgId, (transaction) =>
    transaction
      .select({ email: users.email, role: roles.key })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(roles, eq(roles.id, members.roleId)),
  );
  return Object.fromEntries(rows.map(({ email, role }) => [email, role]));
}
