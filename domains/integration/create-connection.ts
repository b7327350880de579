import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { Connector } from '#core/connector.js';
import { type AppError, invalidField } from '#core/errors.js';
import { sensitive } from '#core/sensitive.js';
import { connections } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { createHookKey } from '#runtime/hook-key.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { validate } from '#runtime/validate.js';
import { Connection, ConnectionRow, connectionColumns, presentConnection } from './connection.js';
import { connectionCreated } from './events.js';

const Json = z.record(z.string(), z.unknown());

export const createConnection = defineAction({
  name: 'connections.create',
  title: 'Create connection',
  description:
    "Keeps an organization's settings and credentials for an app. The secret is encrypted and never shown.",
  permission: 'connections:create',
  effect: 'write',
  http: { method: 'post', path: '/connections', status: 201 },
  input: z.strictObject({
    connector: z.string().describe('github, slack, email, …'),
    name: z.string().trim().min(1).max(200),
    config: Json.default({}).describe("The app's settings, such as its address; see the connector"),
    secret: Json.meta(sensitive).optional().describe("The app's credentials; see the connector"),
  }),
  output: Connection,
  emits: [connectionCreated.type],
  async run({ db, actor, services, emit, audit }: DomainContext, input) {
    const connector = services.catalogue.connectors.get(input.connector);
    if (!connector || connector.isOfPlatform) throw unknownConnector(input.connector, services);
    const { orgId } = actor;
    const id = timeOrderedId();
    const secret = validateSecret(connector, input.secret);
    const [row] = await db
      .insert(connections)
      .values({
        orgId,
        id,
        connector: connector.name,
        name: input.name,
        config: Json.parse(validate(connector.config, input.config, 'config')),
        secret: secret === undefined ? null : services.vault.seal({ orgId, rowId: id }, secret),
        hookKey: createHookKey(orgId),
      })
      .returning(connectionColumns);
    const created = ConnectionRow.parse(row);
    const { name, config } = created;
    audit({ after: { connector: connector.name, name, config, secret: secret ?? null } });
    emit(connectionCreated, created);
    return presentConnection(created, services);
  },
});

/** The secret as the connector wants it; undefined for an app that needs none. Throws `validation`. */
export function validateSecret(connector: Connector, secret: unknown): unknown {
  return connector.auth.kind === 'none' ? undefined : validate(connector.auth.secret, secret ?? {}, 'secret');
}

function unknownConnector(name: string, { catalogue }: DomainContext['services']): AppError {
  const known = [...catalogue.connectors.values()].filter(({ isOfPlatform }) => !isOfPlatform);
  return invalidField({
    path: 'connector',
    message: `there is no connector ${name}; known: ${known.map((connector) => connector.name).join(', ')}`,
  });
}
