import { z } from 'zod';
import { connections } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { presentRows } from '#runtime/resource/present-rows.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Connection, ConnectionRow, presentConnection } from './connection.js';
import { connectionCreated, connectionDeleted, connectionRestored, connectionUpdated } from './events.js';

const resource = defineResource({
  name: 'connections',
  singular: 'connection',
  table: connections,
  output: ConnectionRow,
  create: z.object({}),
  update: z.object({}),
  filters: { connector: equals(connections.connector, z.string()) },
  sorts: { createdAt: byColumn(connections.createdAt), name: byColumn(connections.name) },
  defaultSort: '-createdAt',
  events: {
    created: connectionCreated,
    updated: connectionUpdated,
    deleted: connectionDeleted,
    restored: connectionRestored,
  },
  http: { path: '/connections' },
});

/** Listing, reading, deleting and restoring. Creating and updating are verbs of their own: they seal secrets. */
export const connectionActions = presentRows(
  resource.actions.filter(({ name }) => !['connections.create', 'connections.update'].includes(name)),
  { row: ConnectionRow, output: Connection, present: presentConnection },
);
export const connectionEvents = resource.events;
