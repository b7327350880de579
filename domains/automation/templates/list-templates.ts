import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AutomationDocument } from '#core/automation-document/automation-document.js';
import { askBeforeRefund } from './ask-before-refund.js';
import { emailToTask } from './email-to-task.js';
import { triageGitHubIssues } from './triage-github-issues.js';

/** In the order in which they are shown. */
const templates = [
  { key: 'triage-github-issues', category: 'Development', document: triageGitHubIssues },
  { key: 'email-to-task', category: 'Customers', document: emailToTask },
  { key: 'ask-before-refund', category: 'Finance', document: askBeforeRefund },
];

/** What automations can begin with; `automations.import` takes the document with values for its parameters. */
export const listTemplates = defineAction({
  name: 'automations.list_templates',
  title: 'List templates',
  description: 'Automations to begin with, as documents that `automations.import` takes.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/templates' },
  input: z.strictObject({}),
  output: z.object({
    items: z.array(z.object({ key: z.string(), category: z.string(), document: AutomationDocument })),
  }),
  run: async () => ({ items: templates }),
});
