import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { ssoConnections } from '#db/schema/index.js';
import type { Services } from '#runtime/services.js';
import type { OidcRegistration } from '#runtime/sign-in/oidc-client.js';
import { SsoConnectionRow, ssoConnectionColumns } from './sso-connection.js';

/** A connection with its secret, for signing in. It must not leave the server. */
export interface OpenSsoConnection extends SsoConnectionRow {
  orgId: string;
  clientSecret: string | undefined;
}

/** Reads a connection that people may sign in through. Throws `not_found` for one that is off, deleted or unknown. */
export async function openSsoConnection(
  { vault }: Services,
  transaction: Transaction,
  { orgId, connectionId }: { orgId: string; connectionId: string },
): Promise<OpenSsoConnection> {
  const [found] = await transaction
    .select({ ...ssoConnectionColumns, secret: ssoConnections.secret })
    .from(ssoConnections)
    .where(
      and(
        eq(ssoConnections.orgId, orgId),
        eq(ssoConnections.id, connectionId),
        eq(ssoConnections.isActive, true),
        isNull(ssoConnections.deletedAt),
      ),
    );
  if (!found) throw new AppError('not_found', 'There is no such way to sign in');
  const { secret, ...row } = found;
  const clientSecret =
    secret === null ? undefined : z.string().parse(vault.open({ orgId, rowId: connectionId }, secret));
  return { ...SsoConnectionRow.parse(row), orgId, clientSecret };
}

/** What its OpenID provider knows us by. Throws `not_found` for a connection of another kind. */
export function registrationOf({ issuer, clientId, clientSecret }: OpenSsoConnection): OidcRegistration {
  if (clientId === null) throw new AppError('not_found', 'This is no connection by OpenID Connect');
  return { issuer, clientId, ...(clientSecret !== undefined && { clientSecret }) };
}
