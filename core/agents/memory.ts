/** Who knows a memory: all agents of the organization, one agent, or all agents when they act for one person. */
export const memoryScopes = ['organization', 'agent', 'user'] as const;

export type MemoryScope = (typeof memoryScopes)[number];

/** The action by which agents and people write memories. */
export const memoryAction = 'agent_memories.create';

/** Most that a prompt gives to memories, in tokens. */
export const maxMemoryTokens = 2_000;
