import type { Domain } from '#runtime/domain.js';
import { listAgentAccess, setAgentAccess } from './access.js';
import { agentEvents } from './agent.js';
import { agentActions } from './agents.js';
import { deleteAgent, pauseAgent, resumeAgent, retireAgent } from './control-agent.js';
import {
  answerAgent,
  cancelAgentRun,
  pauseAgentRun,
  resumeAgentRun,
  retryAgentRun,
  sendToAgent,
  startAgentRun,
} from './converse.js';
import { duplicateAgent } from './duplicate-agent.js';
import { deleteAgentRun, restoreAgentRun, updateAgentRun } from './keep-run.js';
import { memoryActions, memoryEvents } from './memories.js';
import { publishAgent } from './publish-agent.js';
import { getAgentRun, listAgentMessages, listAgentRuns, listAgentSteps } from './read-runs.js';
import { diffAgent, getAgentVersion, listAgentVersions, restoreAgentVersion } from './versions.js';

const actions = [
  ...agentActions,
  deleteAgent,
  duplicateAgent,
  publishAgent,
  pauseAgent,
  resumeAgent,
  retireAgent,
  listAgentVersions,
  getAgentVersion,
  restoreAgentVersion,
  diffAgent,
  listAgentAccess,
  setAgentAccess,
  startAgentRun,
  listAgentRuns,
  getAgentRun,
  listAgentMessages,
  listAgentSteps,
  updateAgentRun,
  deleteAgentRun,
  restoreAgentRun,
  sendToAgent,
  answerAgent,
  retryAgentRun,
  cancelAgentRun,
  pauseAgentRun,
  resumeAgentRun,
  ...memoryActions,
];

/** Workers that act by a language model, within a grant, and what they do. */
export const agents: Domain = {
  name: 'agents',
  description:
    'Agents: workers that act by a language model within what they were granted, their versions, and the runs in which they do it.',
  actions: actions.map((action) => ({ ...action, module: 'agents' as const })),
  events: [...Object.values(agentEvents), ...Object.values(memoryEvents)],
};
