import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { organizationDomains, roles } from '#db/schema/index.js';
import type { BuiltOrganization } from './build-organization.js';
import type { BuilderApp } from './builder-app.js';

const Connection = z.object({ id: z.uuid(), startUrl: z.url(), callbackUrl: z.url(), version: z.int() });

export type BuiltSsoConnection = z.output<typeof Connection>;

/** The id of a default role. */
export async function roleIdOf(app: BuilderApp, orgId: string, key: string): Promise<string> {
  return app.services.database.withOrg(orgId, async (transaction) => {
    const [role] = await transaction
      .select({ id: roles.id })
      .from(roles)
      .where(and(eq(roles.orgId, orgId), eq(roles.key, key)));
    if (!role) throw new Error(`There is no role ${key}`);
    return role.id;
  });
}

/** Makes a mail domain one that the organization has proven. */
export async function proveDomain(app: BuilderApp, orgId: string, domain: string): Promise<void> {
  await app.services.database.withOrg(orgId, (transaction) =>
    transaction
      .insert(organizationDomains)
      .values({ orgId, domain, challenge: 'c', verifiedAt: new Date().toISOString() }),
  );
}

/** A connection to an OpenID provider, whose people become members. */
export async function buildSsoConnection(
  app: BuilderApp,
  { orgId, caller }: Pick<BuiltOrganization, 'orgId' | 'caller'>,
  settings: object,
): Promise<BuiltSsoConnection> {
  const defaultRoleId = await roleIdOf(app, orgId, 'member');
  const input = { kind: 'oidc', name: 'Company', defaultRoleId, ...settings };
  return Connection.parse(await app.perform(caller, 'sso_connections.create', input));
}
