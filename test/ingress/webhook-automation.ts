import { z } from 'zod';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import type { BuilderApp } from '../builders/builder-app.js';

const Deliveries = z.object({
  items: z.array(z.looseObject({ id: z.uuid(), provider: z.string(), externalId: z.string() })),
});
const Connection = z.object({ id: z.uuid() });

export interface WebhookAutomation extends BuiltOrganization {
  automationId: string;
  webhookUrl: string;
  /** The organization's deliveries, newest first. */
  listDeliveries(): Promise<z.output<typeof Deliveries>['items']>;
}

type Node = { id: string } & Record<string, unknown>;

/** A node that answers. */
export function respond(id: string, input: object): Node {
  return { id, type: 'respond', input };
}

/** An automation that a webhook starts, of these nodes one after the other; in an organization of its own unless given. */
export async function buildWebhookAutomation(
  app: BuilderApp,
  trigger: object,
  nodes: readonly Node[] = [{ id: 'note', type: 'set', input: { values: { body: '{{ trigger.body }}' } } }],
  organization?: BuiltOrganization,
): Promise<WebhookAutomation> {
  const owner = organization ?? (await buildOrganization(app));
  const { caller } = owner;
  const definition = chain({ type: 'webhook', ...trigger }, nodes);
  const { id, webhookUrl } = await buildAutomation(app, caller, definition);
  return {
    ...owner,
    automationId: id,
    webhookUrl,
    listDeliveries: async () =>
      Deliveries.parse(await app.perform(caller, 'deliveries.list', { limit: 200 })).items,
  };
}

/** A connection that holds the secret of senders. Returns its id. */
export async function buildWebhookSecret(
  app: BuilderApp,
  { caller }: BuiltOrganization,
  secret: object,
): Promise<string> {
  const made = await app.perform(caller, 'connections.create', {
    connector: 'webhook',
    name: 'Senders',
    secret,
  });
  return Connection.parse(made).id;
}

/** Sends JSON by POST. */
export function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
