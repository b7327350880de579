import type { z } from 'zod';
import type { AutomationDocument } from '#core/automation-document/automation-document.js';

export const triageGitHubIssues: z.input<typeof AutomationDocument> = {
  format: 'worksynapse.automation',
  version: 1,
  parameters: [
    {
      key: 'github',
      title: 'GitHub',
      description: 'The connection whose webhook tells of issues.',
      type: 'connection',
      connector: 'github',
    },
    {
      key: 'slack',
      title: 'Slack',
      description: 'Where it is told.',
      type: 'connection',
      connector: 'slack',
    },
    { key: 'channel', title: 'Channel', type: 'string', default: '#bugs' },
    { key: 'project', title: 'Project', description: 'Gets a task for each bug.', type: 'project' },
  ],
  automation: {
    name: 'Triage GitHub issues',
    description: 'An issue that is labelled as a bug becomes a task, and the channel hears of it.',
    trigger: { type: 'github.issue_opened', connection: '[[github]]' },
    nodes: [
      {
        id: 'is_bug',
        type: 'if',
        input: { condition: "{{ trigger.issue.labels.exists(label, label.name == 'bug') }}" },
      },
      {
        id: 'task',
        type: 'action',
        action: 'tasks.create',
        input: {
          projectId: '[[project]]',
          title: '{{ trigger.issue.title }}',
          description:
            '{{ trigger.repository.full_name }}#{{ trigger.issue.number }}: {{ trigger.issue.html_url }}',
          priority: 'high',
          labels: '{{ trigger.issue.labels.map(label, label.name) }}',
        },
      },
      {
        id: 'tell',
        type: 'action',
        action: 'slack.post_message',
        connection: '[[slack]]',
        input: {
          channel: '[[channel]]',
          text: 'New bug: {{ steps.task.output.title }} ({{ trigger.issue.html_url }})',
        },
        retry: { attempts: 5, backoff: '1s' },
      },
      {
        id: 'not_a_bug',
        type: 'stop',
        input: { message: '{{ trigger.issue.title }} is not labelled as a bug' },
      },
    ],
    edges: [
      { source: 'trigger', target: 'is_bug' },
      { source: 'is_bug', sourceHandle: 'true', target: 'task' },
      { source: 'is_bug', sourceHandle: 'false', target: 'not_a_bug' },
      { source: 'task', target: 'tell' },
    ],
  },
};
