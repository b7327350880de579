import { z } from 'zod';
import { sensitive } from '#core/sensitive.js';
import { connections } from '#db/schema/index.js';
import { publicUrl } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';

/** A connection's row, as it may leave the server: no secret among its fields. */
export const ConnectionRow = z.object({
  id: z.uuid(),
  connector: z.string(),
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
  status: z.enum(['active', 'credentials_expired']),
  hookKey: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

export const Connection = ConnectionRow.omit({ hookKey: true }).extend({
  hookUrl: z
    .url()
    .nullable()
    .meta({
      ...sensitive,
      description: "Where the app's webhooks have to be sent; null if it sends none",
    }),
});

/** The columns of a connection that may be read for showing. */
export const connectionColumns = {
  id: connections.id,
  connector: connections.connector,
  name: connections.name,
  config: connections.config,
  status: connections.status,
  hookKey: connections.hookKey,
  version: connections.version,
  createdAt: connections.createdAt,
  updatedAt: connections.updatedAt,
  deletedAt: connections.deletedAt,
};

/** Adds the webhook address. */
export function presentConnection(
  { hookKey, ...row }: z.output<typeof ConnectionRow>,
  { catalogue, configuration }: Services,
): z.input<typeof Connection> {
  const hasWebhook = catalogue.connectors.get(row.connector)?.webhook !== undefined;
  const hookUrl = hasWebhook ? `${publicUrl(configuration)}/hooks/${row.connector}/${hookKey}` : null;
  return { ...row, hookUrl };
}
