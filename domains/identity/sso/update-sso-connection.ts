import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { ssoConnections } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { checkSsoConnection } from './check-sso-connection.js';
import { withoutUndefined } from './create-sso-connection.js';
import { ssoConnectionUpdated } from './events.js';
import { checkGivenRoles, rolesIn } from './role-mapping.js';
import {
  presentSsoConnection,
  SsoConnection,
  SsoConnectionRow,
  ssoConnectionColumns,
} from './sso-connection.js';
import { SsoConnectionChanges } from './sso-connection-fields.js';

const UpdateSsoConnection = SsoConnectionChanges.partial()
  .extend({
    id: z.uuid(),
    version: z.int().min(1).optional().describe('The version that was read; refused if it is no longer that'),
  })
  .strict();

/**
 * Throws `validation` naming the field. All roles that the connection then gives are checked, not only new ones: whoever
 * saves it answers for what it gives. A secret stays with its issuer: another issuer needs the secret anew.
 */
export const updateSsoConnection = defineAction({
  name: 'sso_connections.update',
  title: 'Update single sign-on connection',
  description: 'Changes how people sign in through an identity provider, and the roles that they get.',
  permission: 'sso_connections:update',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'patch', path: '/sso-connections/:id' },
  input: UpdateSsoConnection,
  output: SsoConnection,
  emits: [ssoConnectionUpdated.type],
  async run({ db, actor, services, emit }: DomainContext, { id, version, clientSecret, ...given }) {
    const [before] = await db
      .select(ssoConnectionColumns)
      .from(ssoConnections)
      .where(and(eq(ssoConnections.id, id), isNull(ssoConnections.deletedAt)))
      .for('no key update');
    if (!before) throw new AppError('not_found', 'There is no such single sign-on connection');
    await requireVersion(db, 'connection', version, before);
    const changes = withoutUndefined(given);
    const after = SsoConnectionRow.parse({ ...before, ...changes });
    checkSsoConnection(after);
    await checkGivenRoles(db, actor, rolesIn(after));
    const [row] = await db
      .update(ssoConnections)
      .set({
        ...changes,
        ...secretChange(after.issuer !== before.issuer),
        version: sql`${ssoConnections.version} + 1`,
        updatedAt: sql`now()`,
      })
      .where(eq(ssoConnections.id, id))
      .returning(ssoConnectionColumns);
    const updated = SsoConnectionRow.parse(row);
    emit(ssoConnectionUpdated, updated);
    return presentSsoConnection(updated, services, actor.orgId);

    function secretChange(hasOtherIssuer: boolean): { secret?: string | null } {
      if (clientSecret)
        return { secret: services.vault.seal({ orgId: actor.orgId, rowId: id }, clientSecret) };
      return clientSecret === null || hasOtherIssuer ? { secret: null } : {};
    }
  },
});
