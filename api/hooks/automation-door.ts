import { defaultAnswerMs } from '#core/automation/triggers/webhook.js';
import { parseDuration } from '#core/duration.js';
import { AppError } from '#core/errors.js';
import type { Hook, WebhookHook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';
import type { ConcurrencyLimit } from '../concurrency-limit.js';
import { receiveAutomationDelivery } from './automation-delivery.js';
import type { Door } from './door.js';

const provider = 'webhook';

/** An automation's own address; undefined for one that takes no webhooks. */
export function automationDoor(
  app: ApiApp,
  hook: Extract<Hook, { kind: 'automation' }>,
  fileBodies: ConcurrencyLimit,
): Door | undefined {
  if (hook.trigger !== 'webhook') return undefined;
  const { orgId, hookKey, input } = hook;
  return {
    orgId,
    provider,
    methods: input.methods,
    path: input.path,
    answering: answeringOf(hook),
    async receive(request, response) {
      const received = receiveAutomationDelivery(app, hook, request, fileBodies);
      const { externalId, payload } = await received.catch((error: unknown) => {
        const isRefused = error instanceof AppError && error.code === 'unauthenticated';
        if (isRefused && input.auth === 'basic')
          response.setHeader('WWW-Authenticate', 'Basic realm="webhook", charset="UTF-8"');
        throw error;
      });
      return { orgId, provider, hookKey, externalId, triggers: [provider], payload };
    },
  };
}

function answeringOf({ automationId, input }: WebhookHook): Door['answering'] {
  if (input.response !== 'respond') return undefined;
  return { automationId, timeoutMs: parseDuration(input.timeout ?? '') ?? defaultAnswerMs };
}
