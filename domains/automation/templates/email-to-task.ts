import type { z } from 'zod';
import type { AutomationDocument } from '#core/automation-document/automation-document.js';

export const emailToTask: z.input<typeof AutomationDocument> = {
  format: 'worksynapse.automation',
  version: 1,
  parameters: [
    { key: 'project', title: 'Project', description: 'Gets a task for each mail.', type: 'project' },
  ],
  automation: {
    name: 'Email to task',
    description: 'A mail to an address of its own becomes a task, urgent if its subject says so.',
    trigger: { type: 'email' },
    nodes: [
      {
        id: 'parse',
        type: 'set',
        input: {
          values: {
            sender: '{{ trigger.from.name }} <{{ trigger.from.address }}>',
            subject: '{{ trigger.subject.trim() }}',
            isUrgent: "{{ trigger.subject.lowerAscii().contains('urgent') }}",
          },
        },
      },
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        input: {
          projectId: '[[project]]',
          title: '{{ steps.parse.output.subject }}',
          description: 'From {{ steps.parse.output.sender }}\n\n{{ trigger.text }}',
          priority: "{{ steps.parse.output.isUrgent ? 'urgent' : 'medium' }}",
          labels: ['email'],
        },
      },
    ],
    edges: [
      { source: 'trigger', target: 'parse' },
      { source: 'parse', target: 'task' },
    ],
  },
};
