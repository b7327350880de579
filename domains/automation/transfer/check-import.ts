import { z } from 'zod';
import { defineAction } from '#core/action.js';
import type { DomainContext } from '#runtime/domain.js';
import { Issue } from '../check-automation.js';
import { issuesOf } from '../compile-draft.js';
import { documentInput, readDocument } from './read-document.js';

export const checkImport = defineAction({
  name: 'automations.check_import',
  title: 'Check import',
  description:
    'Tells what importing a document would leave out, and what would then keep its automations from being published. Saves nothing.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'post', path: '/automations/import/check' },
  input: z.strictObject(documentInput),
  output: z.object({ items: z.array(z.object({ name: z.string(), issues: z.array(Issue) })) }),
  async run(context: DomainContext, { document, parameters }) {
    const read = await readDocument(context, document, parameters);
    const items: { name: string; issues: z.input<typeof Issue>[] }[] = [];
    for (const { id, name, draft, issues } of read) {
      const missing = new Set(issues.map(({ path }) => path));
      const others = (await issuesOf(context, draft, { self: { id, name }, planned: read })).filter(
        ({ path }) => !missing.has(path),
      );
      items.push({ name, issues: [...issues, ...others] });
    }
    return { items };
  },
});
