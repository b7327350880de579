import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { issuesOf } from './compile-draft.js';

export const Issue = z.object({
  path: z.string().describe('Dotted path in the draft'),
  message: z.string(),
  node: z.string().optional().describe('Id of the node, or `trigger`'),
});

export const checkAutomation = defineAction({
  name: 'automations.check',
  title: 'Check automation',
  description: 'Tells what would keep a definition from being published, without publishing it.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'post', path: '/automations/check' },
  input: z.strictObject({ draft: z.unknown() }),
  output: z.object({ issues: z.array(Issue) }),
  run: async (context: DomainContext, { draft }) => ({ issues: await issuesOf(context, draft) }),
});
