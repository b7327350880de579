import type { z } from 'zod';
import type { AutomationDocument } from '#core/automation-document/automation-document.js';

export const askBeforeRefund: z.input<typeof AutomationDocument> = {
  format: 'worksynapse.automation',
  version: 1,
  parameters: [
    {
      key: 'role',
      title: 'Who decides',
      description: 'Key of the role whose members are asked, such as owner or manager.',
      type: 'string',
      default: 'owner',
    },
    { key: 'project', title: 'Project', description: 'Gets a task for each refund.', type: 'project' },
  ],
  automation: {
    name: 'Ask before a refund',
    description: 'A shop asks for a refund by webhook; once somebody approves it, a task is made.',
    trigger: { type: 'webhook' },
    nodes: [
      {
        id: 'ask',
        type: 'approval',
        input: { title: 'Refund {{ trigger.body.amount }} to {{ trigger.body.customer }}?' },
        approvers: { roles: ['[[role]]'] },
        fields: [{ key: 'reason', label: 'Reason', kind: 'text' }],
      },
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        input: {
          projectId: '[[project]]',
          title: 'Refund {{ trigger.body.amount }} to {{ trigger.body.customer }}',
          labels: ['refund'],
        },
      },
      { id: 'refused', type: 'stop', input: { message: 'The refund was not approved' } },
    ],
    edges: [
      { source: 'trigger', target: 'ask' },
      { source: 'ask', sourceHandle: 'approved', target: 'task' },
      { source: 'ask', sourceHandle: 'rejected', target: 'refused' },
    ],
  },
};
