import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { ssoConnections } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { checkSsoConnection } from './check-sso-connection.js';
import { ssoConnectionCreated } from './events.js';
import { checkGivenRoles, rolesIn } from './role-mapping.js';
import {
  presentSsoConnection,
  SsoConnection,
  SsoConnectionRow,
  ssoConnectionColumns,
} from './sso-connection.js';
import { SsoConnectionChanges, ssoConnectionDefaults } from './sso-connection-fields.js';

const CreateSsoConnection = SsoConnectionChanges.partial()
  .required({ name: true, issuer: true, defaultRoleId: true })
  .extend({ kind: z.enum(['oidc', 'saml']) })
  .strict();

/** Throws `validation` naming the field, also for a role that holds more than its maker's. */
export const createSsoConnection = defineAction({
  name: 'sso_connections.create',
  title: 'Create single sign-on connection',
  description: "Lets people sign in through the organization's own identity provider.",
  permission: 'sso_connections:create',
  effect: 'write',
  needsRecentSignIn: true,
  http: { method: 'post', path: '/sso-connections', status: 201 },
  input: CreateSsoConnection,
  output: SsoConnection,
  emits: [ssoConnectionCreated.type],
  async run({ db, actor, services, emit }: DomainContext, { clientSecret, ...given }) {
    const values = { ...ssoConnectionDefaults, ...withoutUndefined(given) };
    checkSsoConnection(values);
    await checkGivenRoles(db, actor, rolesIn(values));
    const { orgId } = actor;
    const id = timeOrderedId();
    const secret = clientSecret ? services.vault.seal({ orgId, rowId: id }, clientSecret) : null;
    const [row] = await db
      .insert(ssoConnections)
      .values({ ...values, orgId, id, secret })
      .returning(ssoConnectionColumns);
    const created = SsoConnectionRow.parse(row);
    emit(ssoConnectionCreated, created);
    return presentSsoConnection(created, services, orgId);
  },
});

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Fields that were given: an absent one must not hide a default. */
export function withoutUndefined<Fields extends object>(fields: Fields): Given<Fields> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Given<Fields>;
}
