import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { compareDefinitions, DefinitionDiff } from './diff/compare-definitions.js';
import { findAutomation } from './find-automation.js';
import { publishedVersion } from './published-version.js';
import { findVersion } from './version.js';

const Side = z.union([z.literal('draft'), publishedVersion]);

export const diffAutomation = defineAction({
  name: 'automations.diff',
  title: 'Compare versions',
  description:
    'What is different between two published versions, or between one and the draft: steps, connections between them, trigger, settings and name. Moving boxes is counted apart.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/diff' },
  input: z.strictObject({
    id: z.uuid(),
    from: Side.describe('Number of a version, or `draft`'),
    to: Side.default('draft').describe('Number of a version, or `draft`'),
  }),
  output: DefinitionDiff,
  async run({ db }: DomainContext, { id, from, to }) {
    const { draft } = await findAutomation(db, id);
    const definitionAt = async (side: z.output<typeof Side>) =>
      side === 'draft' ? draft : (await findVersion(db, id, side)).definition;
    return compareDefinitions(await definitionAt(from), await definitionAt(to));
  },
});
