import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AutomationDocument, documentFormat } from '#core/automation-document/automation-document.js';
import type { DomainContext } from '#runtime/domain.js';
import { fieldsOf } from '../diff/comparable-definition.js';
import { findAutomation } from '../find-automation.js';
import { publishedVersion } from '../published-version.js';
import { findVersion } from '../version.js';
import { listConnections } from './known-connections.js';
import { listAutomations } from './known-names.js';
import { mapReferences } from './map-references.js';
import { readableOrder } from './readable-order.js';

export const exportAutomation = defineAction({
  name: 'automations.export',
  title: 'Export automation',
  description:
    'The draft, or a published version, as a document that another organization can import. Connections are named by app and name, other automations by name; their ids and credentials are not in it.',
  permission: 'automations:read',
  effect: 'read',
  http: { method: 'get', path: '/automations/:id/export' },
  input: z.strictObject({
    id: z.uuid(),
    publishedVersion: publishedVersion.optional().describe('The draft unless given'),
    includePinned: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .describe('With the data that is pinned in the draft to test it with, which may be personal'),
  }),
  output: AutomationDocument,
  async run({ db }: DomainContext, { id, publishedVersion: version, includePinned }) {
    const { name, description, draft } = await findAutomation(db, id);
    const definition = version === undefined ? draft : (await findVersion(db, id, version)).definition;
    // A deleted connection still has the name by which people know it.
    const known = new Map((await listConnections(db, 'all')).map((entry) => [entry.id, entry]));
    const named = new Map((await listAutomations(db, 'all')).map((entry) => [entry.id, entry.name]));
    const portable = mapReferences(definition, (kind, value) => {
      if (kind === 'automation') {
        const other = named.get(String(value));
        return other === undefined ? undefined : { automation: other };
      }
      const found = known.get(String(value));
      return found && { connector: found.connector, name: found.name };
    });
    const { pinned, ...fields } = fieldsOf(portable);
    const kept = includePinned && pinned !== undefined ? { ...fields, pinned } : fields;
    const automation = readableOrder({ ...kept, name, description });
    return { format: documentFormat, version: 1 as const, automation: { ...automation, name, description } };
  },
});
