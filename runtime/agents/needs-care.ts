import { and, eq } from 'drizzle-orm';
import type { ActionDescription } from '#core/action.js';
import { addressesIn, names } from '#core/agents/addresses.js';
import { agentMessages } from '#db/schema/index.js';
import { StoredValue, unpackValue } from '../packing.js';
import type { Services } from '../services.js';
import { AssistantContent } from './agent-message.js';
import type { OpenRun, RunPlace } from './agent-run.js';

/**
 * True for what leaves the organization from a run that text from outside has come into, to an address that neither the
 * agent's instructions nor a person has named: that may be the outside's wish, so a person is asked, whatever the policy.
 */
export async function needsCare(
  services: Services,
  place: RunPlace,
  { open, action, input }: { open: OpenRun; action: ActionDescription; input: Record<string, unknown> },
): Promise<boolean> {
  if (action.effect !== 'send' || !open.run.isTainted) return false;
  const addresses = addressesIn(input);
  // Where it goes can't be seen.
  if (addresses.length === 0) return true;
  const trusted = await readTrusted(services, place, open);
  return addresses.some((address) => !names(trusted, address));
}

/** What the agent was told by its makers and by people. */
async function readTrusted(
  { database, files }: Services,
  { orgId, runId }: RunPlace,
  { definition }: OpenRun,
): Promise<string> {
  const rows = await database.withOrg(orgId, (transaction) =>
    transaction
      .select({ content: agentMessages.content })
      .from(agentMessages)
      .where(
        and(eq(agentMessages.orgId, orgId), eq(agentMessages.runId, runId), eq(agentMessages.role, 'user')),
      ),
  );
  const said = await Promise.all(
    rows.map(async ({ content }) => {
      const value = await unpackValue(files(orgId), StoredValue.parse(content));
      return AssistantContent.parse(value).text;
    }),
  );
  return [definition.instructions, ...definition.goals, ...said].join('\n');
}
