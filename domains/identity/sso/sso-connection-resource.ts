import { z } from 'zod';
import { ssoConnections } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { presentRows } from '#runtime/resource/present-rows.js';
import { byColumn } from '#runtime/resource/sorts.js';
import {
  ssoConnectionCreated,
  ssoConnectionDeleted,
  ssoConnectionRestored,
  ssoConnectionUpdated,
} from './events.js';
import { presentSsoConnection, SsoConnection, SsoConnectionRow } from './sso-connection.js';

const resource = defineResource({
  name: 'sso_connections',
  singular: 'single sign-on connection',
  table: ssoConnections,
  output: SsoConnectionRow,
  create: z.object({}),
  update: z.object({}),
  filters: { kind: equals(ssoConnections.kind, z.enum(['oidc', 'saml'])) },
  sorts: { createdAt: byColumn(ssoConnections.createdAt), name: byColumn(ssoConnections.name) },
  defaultSort: '-createdAt',
  events: {
    created: ssoConnectionCreated,
    updated: ssoConnectionUpdated,
    deleted: ssoConnectionDeleted,
    restored: ssoConnectionRestored,
  },
  http: { path: '/sso-connections' },
});

/** Listing, reading, deleting and restoring. Creating and updating seal the secret and check the roles. */
export const ssoConnectionActions = presentRows(
  resource.actions.filter(({ name }) => !/\.(create|update)$/.test(name)),
  {
    row: SsoConnectionRow,
    output: SsoConnection,
    present: (row, services, { orgId }) => presentSsoConnection(row, services, orgId),
  },
);
export const ssoConnectionEvents = resource.events;
