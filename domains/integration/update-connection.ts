import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { sensitive } from '#core/sensitive.js';
import { connections } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { fieldsAmong } from '#runtime/resource/resource-table.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { validate } from '#runtime/validate.js';
import { Connection, ConnectionRow, connectionColumns, presentConnection } from './connection.js';
import { validateSecret } from './create-connection.js';
import { connectionUpdated } from './events.js';

const Json = z.record(z.string(), z.unknown());

export const updateConnection = defineAction({
  name: 'connections.update',
  title: 'Update connection',
  description:
    'Changes name, settings or credentials. New credentials make an expired connection active again.',
  permission: 'connections:update',
  effect: 'write',
  http: { method: 'patch', path: '/connections/:id' },
  input: z.strictObject({
    id: z.uuid(),
    version: z.int().min(1).optional().describe('The version that was read; refused if it is no longer that'),
    name: z.string().trim().min(1).max(200).optional(),
    config: Json.optional(),
    secret: Json.meta(sensitive).optional(),
  }),
  output: Connection,
  emits: [connectionUpdated.type],
  async run({ db, actor, services, emit, audit }: DomainContext, { id, version, name, config, secret }) {
    const [before] = await db
      .select()
      .from(connections)
      .where(and(eq(connections.id, id), isNull(connections.deletedAt)))
      .for('no key update');
    if (!before) throw new AppError('not_found', 'There is no such connection');
    await requireVersion(db, 'connection', version, {
      version: before.version,
      updatedAt: before.updatedAt,
    });
    const connector = services.catalogue.connector(before.connector);
    const place = { orgId: actor.orgId, rowId: id };
    const sealed = secret && services.vault.seal(place, validateSecret(connector, secret));
    const [row] = await db
      .update(connections)
      .set({
        ...(name !== undefined && { name }),
        ...(config && { config: Json.parse(validate(connector.config, config, 'config')) }),
        ...(sealed && { secret: sealed, status: 'active' as const }),
        version: sql`${connections.version} + 1`,
        updatedAt: sql`now()`,
      })
      .where(eq(connections.id, id))
      .returning(connectionColumns);
    const updated = ConnectionRow.parse(row);
    const given = Object.keys(fieldsAmong({ name, config, secret }, ['name', 'config', 'secret']));
    audit({ before: fieldsAmong(before, given), after: fieldsAmong({ ...updated, secret }, given) });
    emit(connectionUpdated, updated);
    return presentConnection(updated, services);
  },
});
