import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { durationText } from '../../duration-text.js';

export const webhookMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Longest that a sender may wait for its answer, in milliseconds; and how long unless the trigger says. */
export const maxAnswerMs = 120_000;
export const defaultAnswerMs = 30_000;

export const WebhookTriggerInput = z
  .strictObject({
    methods: z.array(z.enum(webhookMethods)).min(1).max(webhookMethods.length).default(['POST']),
    /** Below the automation's address; no other active automation of the organization has the same. */
    path: z
      .string()
      .max(100)
      .regex(/^[a-z0-9_-]+(\/[a-z0-9_-]+)*$/, 'must hold a–z, 0–9, -, _ and single / between them only')
      .optional(),
    /** How the sender proves itself, with the secret in the trigger's connection. */
    auth: z.enum(['none', 'basic', 'header', 'hmac', 'standard_webhooks']).default('none'),
    /** `accepted`: 202 at once. `respond`: the sender waits for what the run answers. */
    response: z.enum(['accepted', 'respond']).default('accepted'),
    /** How long the sender waits. */
    timeout: durationText(1_000, maxAnswerMs).optional(),
  })
  .superRefine(({ response, timeout }, context) => {
    if (timeout === undefined || response === 'respond') return;
    context.addIssue({
      code: 'custom',
      path: ['timeout'],
      message: 'has a meaning with response respond only',
    });
  });

export type WebhookTriggerInput = z.output<typeof WebhookTriggerInput>;

/** Senders put their values into the query. */
const withoutBody: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/**
 * Any HTTP request to the automation's own address. What its body holds is known to its sender only: the sample has one
 * field, `example`, in the body, or in the query of a method that has no body.
 */
export const webhook: TriggerDescription = {
  name: 'webhook',
  title: 'Webhook',
  connector: 'webhook',
  connection: 'optional',
  input: WebhookTriggerInput,
  output: z.object({
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    query: z.record(z.string(), z.unknown()),
    body: z.unknown(),
  }),
  sample(input) {
    const [method = 'POST'] = WebhookTriggerInput.safeParse(input).data?.methods ?? [];
    const sender = { 'user-agent': 'Example/1.0' };
    if (withoutBody.has(method)) return { method, headers: sender, query: { example: 'text' }, body: null };
    const headers = { 'content-type': 'application/json', ...sender };
    return { method, headers, query: {}, body: { example: 'text' } };
  },
  describe: (input) => ({ takesAnswer: WebhookTriggerInput.safeParse(input).data?.response === 'respond' }),
  issues({ input, connection }) {
    const { auth } = WebhookTriggerInput.parse(input);
    if (auth !== 'none' && connection === undefined)
      return [{ path: 'connection', message: `is needed: it holds the secret of auth ${auth}` }];
    if (auth === 'none' && connection !== undefined)
      return [{ path: 'input.auth', message: 'is none, but a connection is given; say how it is used' }];
    return [];
  },
};
