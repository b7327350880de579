import { z } from 'zod';
import { buildAutomation } from '../builders/build-automation.js';
import { buildGitHubConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import type { BuilderApp } from '../builders/builder-app.js';

const Deliveries = z.object({
  items: z.array(z.looseObject({ id: z.uuid(), externalId: z.string(), replayOf: z.uuid().nullable() })),
});

export interface GitHubAutomation extends BuiltOrganization {
  automationId: string;
  hookUrl: string;
  /** The organization's deliveries, newest first. */
  listDeliveries(): Promise<z.output<typeof Deliveries>['items']>;
}

/** An automation in an organization of its own that notes the title of each opened issue. */
export async function buildGitHubAutomation(app: BuilderApp): Promise<GitHubAutomation> {
  const organization = await buildOrganization(app);
  const { caller } = organization;
  const { id: connection, hookUrl } = await buildGitHubConnection(app, caller);
  const automation = await buildAutomation(app, caller, {
    name: 'Issues',
    trigger: { type: 'github.issue_opened', connection },
    nodes: [{ id: 'note', type: 'set', input: { values: { title: '{{ trigger.issue.title }}' } } }],
    edges: [{ source: 'trigger', target: 'note' }],
  });
  return {
    ...organization,
    automationId: automation.id,
    hookUrl: hookUrl ?? '',
    listDeliveries: async () =>
      Deliveries.parse(await app.perform(caller, 'deliveries.list', { limit: 200 })).items,
  };
}
