import { z } from 'zod';
import { sensitive } from '#core/sensitive.js';
import { automations } from '#db/schema/index.js';
import { publicUrl } from '#runtime/configuration.js';
import type { Services } from '#runtime/services.js';

export const AutomationRow = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  draft: z.unknown().describe('What the builder saved last; may be incomplete'),
  status: z.enum(['draft', 'active', 'paused']),
  publishedVersion: z.int().nullable(),
  triggerError: z
    .object({
      code: z.string(),
      message: z.string(),
      at: z.iso.datetime(),
      nextTryAt: z.iso.datetime().nullable(),
    })
    .nullable()
    .describe('Why the app could not be asked for news; the next try is null until someone does something'),
  ownerId: z.uuid(),
  updatedBy: z.uuid().describe('Who changed it last'),
  hookKey: z.string(),
  version: z.int().describe('Counts changes of this row, for optimistic concurrency'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

export const Automation = AutomationRow.omit({ hookKey: true }).extend({
  webhookUrl: z
    .url()
    .meta({ ...sensitive, description: 'Where a `webhook` trigger listens; its `path` may follow' }),
  formUrl: z.url().meta({ ...sensitive, description: 'Where a `form` trigger shows its page' }),
  inboundAddress: z.string().meta({ ...sensitive, description: 'Where an `email` trigger gets its mail' }),
});

export const automationColumns = {
  id: automations.id,
  name: automations.name,
  description: automations.description,
  draft: automations.draft,
  status: automations.status,
  publishedVersion: automations.publishedVersion,
  triggerError: automations.triggerError,
  ownerId: automations.ownerId,
  updatedBy: automations.updatedBy,
  hookKey: automations.hookKey,
  version: automations.version,
  createdAt: automations.createdAt,
  updatedAt: automations.updatedAt,
  deletedAt: automations.deletedAt,
};

/** Adds the addresses at which the automation can be reached from outside. */
export function presentAutomation(
  { hookKey, ...row }: z.output<typeof AutomationRow>,
  { configuration }: Services,
): z.input<typeof Automation> {
  return {
    ...row,
    webhookUrl: `${publicUrl(configuration)}/hooks/webhook/${hookKey}`,
    formUrl: `${publicUrl(configuration)}/forms/${hookKey}`,
    inboundAddress: `${hookKey}@${configuration.INBOUND_MAIL_DOMAIN}`,
  };
}
