import { z } from 'zod';
import { Parameter } from './parameter.js';

export const documentFormat = 'worksynapse.automation' as const;

/** Most automations in one document. */
export const maxAutomations = 200;
const maxParameters = 50;

/** How a document names a connection: ids mean nothing in another organization. */
export const ConnectionReference = z.strictObject({
  connector: z.string().min(1).max(100),
  name: z.string().min(1).max(200),
});

export type ConnectionReference = z.output<typeof ConnectionReference>;

/** How a document names another automation. */
export const AutomationReference = z.strictObject({ automation: z.string().min(1).max(200) });

export type AutomationReference = z.output<typeof AutomationReference>;

/**
 * A definition as a draft holds it, finished or not, with a description. A `connection` of the trigger or of a node is
 * a ConnectionReference; what names another automation (of subflow nodes, `settings.onFailure`, the trigger `error`) is an
 * AutomationReference.
 */
export const DocumentAutomation = z.looseObject({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5_000).default(''),
});

export type DocumentAutomation = z.output<typeof DocumentAutomation>;

/** What an export gives and an import takes: one automation, or several. */
export const AutomationDocument = z
  .strictObject({
    format: z.literal(documentFormat),
    version: z.literal(1),
    parameters: z.array(Parameter).max(maxParameters).optional(),
    automation: DocumentAutomation.optional(),
    automations: z.array(DocumentAutomation).min(1).max(maxAutomations).optional(),
  })
  .superRefine(({ parameters = [], automation, automations }, context) => {
    if ((automation === undefined) === (automations === undefined)) {
      const message = 'must hold either `automation` or `automations`';
      context.addIssue({ code: 'custom', path: ['automation'], message });
    }
    const keys = parameters.map(({ key }) => key);
    for (const [index, key] of keys.entries()) {
      if (keys.indexOf(key) === index) continue;
      context.addIssue({ code: 'custom', path: ['parameters', index, 'key'], message: 'is used twice' });
    }
  });

export type AutomationDocument = z.output<typeof AutomationDocument>;

/** The automations of a document, each with its path in it. */
export function automationsOf({ automation, automations = [] }: AutomationDocument) {
  if (automation) return [{ path: 'automation', automation }];
  return automations.map((entry, index) => ({ path: `automations.${index}`, automation: entry }));
}
