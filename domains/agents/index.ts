import type { Domain } from '#runtime/domain.js';
import { agentEvents } from './agent.js';
import { agentActions } from './agents.js';
import { pauseAgent, resumeAgent, retireAgent } from './control-agent.js';
import {
  answerAgent,
  cancelAgentRun,
  pauseAgentRun,
  resumeAgentRun,
  retryAgentRun,
  sendToAgent,
  startAgentRun,
} from './converse.js';
import { publishAgent } from './publish-agent.js';
import { getAgentRun, listAgentMessages, listAgentRuns, listAgentSteps } from './read-runs.js';

/** Workers that act by a language model, within a grant, and what they do. */
export const agents: Domain = {
  name: 'agents',
  description:
    'Agents: workers that act by a language model within what they were granted, their versions, and the runs in which they do it.',
  actions: [
    ...agentActions,
    publishAgent,
    pauseAgent,
    resumeAgent,
    retireAgent,
    startAgentRun,
    listAgentRuns,
    getAgentRun,
    listAgentMessages,
    listAgentSteps,
    sendToAgent,
    answerAgent,
    retryAgentRun,
    cancelAgentRun,
    pauseAgentRun,
    resumeAgentRun,
  ],
  events: Object.values(agentEvents),
};
