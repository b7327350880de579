import { z } from 'zod';
import { ssoConnections } from '#db/schema/index.js';
import { publicUrl } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';
import { samlAddresses } from '#runtime/sign-in/saml-addresses.js';
import { connectionKey } from './connection-key.js';
import { redirectUri } from './redirect-uri.js';
import { RoleMapping } from './role-mapping.js';

/** A connection's row, as it may leave the server: no secret among its fields. */
export const SsoConnectionRow = z.object({
  id: z.uuid(),
  kind: z.enum(['oidc', 'saml']),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string().nullable(),
  scopes: z.array(z.string()),
  ssoUrl: z.string().nullable(),
  certificates: z.array(z.string()),
  domains: z.array(z.string()),
  defaultRoleId: z.uuid(),
  roleClaim: z.string(),
  roleMapping: RoleMapping,
  createsMembers: z.boolean(),
  updatesRoles: z.boolean(),
  isEnforced: z.boolean(),
  isActive: z.boolean(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});
export type SsoConnectionRow = z.output<typeof SsoConnectionRow>;

/** What an administrator sees of a connection, with the addresses that the identity provider has to be told. */
export const SsoConnection = SsoConnectionRow.extend({
  startUrl: z.url().describe('Where signing in through it begins'),
  callbackUrl: z.url().describe('What the provider sends people back to'),
  metadataUrl: z.url().nullable().describe('SAML: how we describe ourselves, and our entity id'),
});

/** The columns of a connection that may be read for showing. */
export const ssoConnectionColumns = {
  id: ssoConnections.id,
  kind: ssoConnections.kind,
  name: ssoConnections.name,
  issuer: ssoConnections.issuer,
  clientId: ssoConnections.clientId,
  scopes: ssoConnections.scopes,
  ssoUrl: ssoConnections.ssoUrl,
  certificates: ssoConnections.certificates,
  domains: ssoConnections.domains,
  defaultRoleId: ssoConnections.defaultRoleId,
  roleClaim: ssoConnections.roleClaim,
  roleMapping: ssoConnections.roleMapping,
  createsMembers: ssoConnections.createsMembers,
  updatesRoles: ssoConnections.updatesRoles,
  isEnforced: ssoConnections.isEnforced,
  isActive: ssoConnections.isActive,
  version: ssoConnections.version,
  createdAt: ssoConnections.createdAt,
  updatedAt: ssoConnections.updatedAt,
  deletedAt: ssoConnections.deletedAt,
};

/** Adds the addresses. */
export function presentSsoConnection(
  row: SsoConnectionRow,
  { configuration }: Services,
  orgId: string,
): z.input<typeof SsoConnection> {
  const address = publicUrl(configuration);
  const key = connectionKey(orgId, row.id);
  const saml = samlAddresses(configuration, key);
  return {
    ...row,
    startUrl: `${address}/v1/sign-in/${key}/start`,
    ...(row.kind === 'oidc'
      ? { callbackUrl: redirectUri(configuration), metadataUrl: null }
      : { callbackUrl: saml.acsUrl, metadataUrl: saml.entityId }),
  };
}
