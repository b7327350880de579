import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { members, roles, users } from '#db/schema/index.js';
import type { BuilderApp } from '../builders/builder-app.js';
import { Browser, type Visited } from './following-browser.js';

const Session = z.object({
  accessToken: z.string(),
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  organization: z.object({ id: z.uuid() }),
});

/** The session that a way through a provider ended in, by its cookie. Throws with the page's text for any other end. */
export async function sessionOf(browser: Browser, { url, response }: Visited) {
  const { origin, pathname } = new URL(url);
  if (/^\/(v1|saml)\//.test(pathname)) throw new Error(`${response.status} ${await response.text()}`);
  const headers = { 'content-type': 'application/json', origin };
  const refreshed = await browser.send(`${origin}/v1/session/refresh`, { method: 'POST', headers });
  return Session.parse(await refreshed.json());
}

/** Goes the way that begins at an address, to its session. */
export async function signInAt(startUrl: string, browser = new Browser()) {
  return sessionOf(browser, await browser.visit(startUrl));
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
