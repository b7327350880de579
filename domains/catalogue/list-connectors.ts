import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';

const Connector = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  auth: z.enum(['none', 'token', 'basic', 'oauth2']).describe('How an organization proves itself to it'),
  config: JsonSchema.describe('Settings of a connection that are not secret'),
  secret: JsonSchema.nullable().describe('Credentials of a connection; null if it needs none'),
  hasWebhook: z.boolean(),
  hasModels: z.boolean().describe('Language models are behind it'),
});

/** The apps that connections can be made to, with what their forms ask for. */
export const listConnectors = defineAction({
  name: 'catalogue.list_connectors',
  title: 'List connectors',
  description: 'Tells which apps can be connected, and what a connection to each consists of.',
  permission: 'identity:read',
  effect: 'read',
  http: { method: 'get', path: '/catalogue/connectors' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Connector) }),
  run: async ({ services }: DomainContext) => ({
    items: [...services.catalogue.connectors.values()].flatMap(
      ({ name, title, description, auth, config, webhook, models, isOfPlatform }) =>
        isOfPlatform
          ? []
          : {
              name,
              title,
              description,
              auth: auth.kind,
              config: toJsonSchema(config, 'input'),
              secret: auth.kind === 'none' ? null : toJsonSchema(auth.secret, 'input'),
              hasWebhook: webhook !== undefined,
              hasModels: models !== undefined,
            },
    ),
  }),
});
