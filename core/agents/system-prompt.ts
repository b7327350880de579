import type { AgentDefinition } from './definition.js';
import { fenceRule } from './fence.js';

/** What an agent is told of where it is. */
export interface AgentSurroundings {
  agent: string;
  organization: string;
  person: { name: string; role: string };
  /** ISO 8601, in the organization's zone, with the zone's name behind it. */
  now: string;
  /** What outside text is marked with in this run. */
  mark: string;
}

/** The first message of every conversation: who the agent is, what it is for, where it is, and what it must keep to. */
export function systemPrompt(
  { instructions, goals }: Pick<AgentDefinition, 'instructions' | 'goals'>,
  { agent, organization, person, now, mark }: AgentSurroundings,
): string {
  const parts = [
    `You are ${agent}, an AI worker of the organization ${organization}.`,
    instructions,
    ...(goals.length > 0 ? [`Your goals:\n${goals.map((goal) => `- ${goal}`).join('\n')}`] : []),
    `You act on behalf of ${person.name} (${person.role}). It is ${now}.`,
    'You can only act through the tools you are given. A tool may be refused, or wait for a person to approve it; say so plainly, and do not claim to have done what was not done.',
    fenceRule(mark),
  ];
  return parts.join('\n\n');
}
