import { and, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { agentVersions } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { requireVersion } from '#runtime/resource/stale-version.js';
import { Agent, agentEvents } from './agent.js';
import { compareDefinitions, DefinitionDiff } from './compare-definitions.js';
import { changeAgent, findAgent, lockAgent } from './find-agent.js';
import {
  AgentVersion,
  AgentVersionSummary,
  findVersion,
  publishedVersion,
  selectSummaries,
} from './version.js';

export const listAgentVersions = defineAction({
  name: 'agents.list_versions',
  title: 'List versions of an agent',
  description:
    'The published versions of an agent, newest first: who published them, when, and with what note.',
  permission: 'agents:read',
  effect: 'read',
  http: { method: 'get', path: '/agents/:id/versions' },
  input: z.strictObject({
    id: z.uuid(),
    before: z.coerce.number().int().optional().describe('Only versions older than this'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    items: z.array(AgentVersionSummary),
    nextBefore: z.int().nullable().describe('`before` of the next page; null on the last one'),
  }),
  async run(context: DomainContext, { id, before, limit }) {
    await findAgent(context, id);
    const older = before === undefined ? undefined : lt(agentVersions.version, before);
    const found = await selectSummaries(context.db)
      .where(and(eq(agentVersions.agentId, id), older))
      .orderBy(desc(agentVersions.version))
      .limit(limit + 1);
    const items = found.slice(0, limit);
    return { items, nextBefore: found.length > limit ? (items.at(-1)?.version ?? null) : null };
  },
});

export const getAgentVersion = defineAction({
  name: 'agents.get_version',
  title: 'Get version of an agent',
  description: 'One published version of an agent, with its definition.',
  permission: 'agents:read',
  effect: 'read',
  http: { method: 'get', path: '/agents/:id/versions/:publishedVersion' },
  input: z.strictObject({ id: z.uuid(), publishedVersion }),
  output: AgentVersion,
  async run(context: DomainContext, { id, publishedVersion: version }) {
    await findAgent(context, id);
    return findVersion(context.db, id, version);
  },
});

export const restoreAgentVersion = defineAction({
  name: 'agents.restore_version',
  title: 'Restore version of an agent',
  description: 'Makes a published version the draft again. What is published stays as it is.',
  permission: 'agents:update',
  effect: 'write',
  http: { method: 'post', path: '/agents/:id/versions/:publishedVersion/restore' },
  input: z.strictObject({
    id: z.uuid(),
    publishedVersion,
    version: z
      .int()
      .min(1)
      .optional()
      .describe('The version of the row that was read; refused if it is no longer that'),
  }),
  output: Agent,
  emits: [agentEvents.updated.type],
  async run(context: DomainContext, input) {
    const before = await lockAgent(context, input.id);
    await requireVersion(context.db, 'agent', input.version, before);
    const { definition } = await findVersion(context.db, input.id, input.publishedVersion);
    const agent = await changeAgent(context, input.id, { draft: definition });
    // The way back: what the draft was is in the audit log.
    context.audit({ before: { draft: before.draft }, after: { draft: definition } });
    context.emit(agentEvents.updated, agent);
    return agent;
  },
});

const Side = z.union([z.literal('draft'), publishedVersion]);

export const diffAgent = defineAction({
  name: 'agents.diff',
  title: 'Compare versions of an agent',
  description:
    'What is different between two published versions of an agent, or between one and the draft, field by field.',
  permission: 'agents:read',
  effect: 'read',
  http: { method: 'get', path: '/agents/:id/diff' },
  input: z.strictObject({
    id: z.uuid(),
    from: Side.describe('Number of a version, or `draft`'),
    to: Side.default('draft').describe('Number of a version, or `draft`'),
  }),
  output: DefinitionDiff,
  async run(context: DomainContext, { id, from, to }) {
    const { draft } = await findAgent(context, id);
    const definitionAt = async (side: z.output<typeof Side>) =>
      side === 'draft' ? draft : (await findVersion(context.db, id, side)).definition;
    return compareDefinitions(await definitionAt(from), await definitionAt(to));
  },
});
