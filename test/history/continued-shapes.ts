import type { Shape, Surroundings } from './shapes.js';

/** Shapes whose workflows go on as new ones, by name. To be run on a system where they do so after a few steps. */
export function continuedShapes({ projectId, slackConnectionId }: Surroundings): Record<string, Shape> {
  return {
    'goes-on': {
      definition: {
        name: 'Goes on',
        trigger: { type: 'webhook' },
        nodes: [
          { id: 'rest', type: 'wait', input: { duration: '3s' } },
          {
            id: 'each',
            type: 'loop',
            input: { items: '{{ trigger.body.titles }}', result: '{{ steps.task.output.title }}' },
            concurrency: 2,
          },
          {
            id: 'task',
            type: 'action',
            action: 'tasks.create',
            input: { projectId, title: '{{ item }}' },
          },
          {
            id: 'tell',
            type: 'action',
            action: 'slack.post_message',
            connection: slackConnectionId,
            input: { channel: '#bugs', text: '{{ item }}' },
          },
          { id: 'end', type: 'join', input: { mode: 'all' } },
        ],
        edges: [
          { source: 'trigger', target: 'rest' },
          { source: 'trigger', target: 'each' },
          { source: 'each', sourceHandle: 'body', target: 'task' },
          { source: 'task', target: 'tell' },
          { source: 'each', sourceHandle: 'done', target: 'end' },
          { source: 'rest', target: 'end' },
        ],
      },
      bodies: [{ titles: ['one', 'two', 'three'] }],
    },
  };
}
