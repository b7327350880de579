import { z } from 'zod';
import type { Effect } from '../action.js';
import { memoryAction, memoryScopes } from './memory.js';

/** When a person has to approve a call: as the action's effect says, each time, or never. */
export const approvalPolicies = ['by_effect', 'always', 'never'] as const;

export type ApprovalPolicy = (typeof approvalPolicies)[number];

/** An action that an agent may perform. */
export const AllowedAction = z.strictObject({
  name: z.string().min(1).max(100),
  approval: z.enum(approvalPolicies).default('by_effect'),
  /** Of an action of an app: with which credentials. */
  connection: z.uuid().optional(),
});

export type AllowedAction = z.output<typeof AllowedAction>;

/** How far an agent goes before it stops with a summary: from one word of a person to its answer. */
export const AgentLimits = z.strictObject({
  /** Calls of the model. */
  steps: z.int().min(1).max(500).default(30),
  toolCalls: z.int().min(0).max(2_000).default(100),
  minutes: z.int().min(1).max(1_440).default(30),
});

/** What an agent is: a draft that can be changed, and as a version for good. */
export const AgentDefinition = z.strictObject({
  instructions: z.string().trim().min(1).max(50_000),
  goals: z.array(z.string().trim().min(1).max(1_000)).max(20).default([]),
  /** Null: what the organization has chosen for conversations. */
  model: z
    .strictObject({ connectionId: z.uuid().nullable(), model: z.string().min(1).max(200) })
    .nullable()
    .default(null),
  temperature: z.number().min(0).max(2).optional(),
  actions: z
    .array(AllowedAction)
    .max(100)
    .default([])
    .refine(
      (actions) => new Set(actions.map(({ name }) => name)).size === actions.length,
      'names an action twice',
    ),
  /** Agents that it may hand work to. */
  delegates: z.array(z.uuid()).max(20).default([]),
  /** Who approves, beside the person on whose behalf it acts. */
  approvers: z
    .strictObject({
      users: z.array(z.uuid()).max(50).default([]),
      roles: z.array(z.string().min(1).max(100)).max(20).default([]),
    })
    .prefault({}),
  /** Which memories it is told of, and which it may write. */
  memory: z
    .strictObject({
      reads: z
        .array(z.enum(memoryScopes))
        .max(3)
        .default([...memoryScopes]),
      writes: z.array(z.enum(memoryScopes)).max(3).default([]),
    })
    .prefault({}),
  limits: AgentLimits.prefault({}),
  /** JSON Schema of its result, where it is to be more than text. */
  outputSchema: z.record(z.string(), z.unknown()).nullable().default(null),
});

export type AgentDefinition = z.output<typeof AgentDefinition>;

/** The actions that a version may perform: those that it names, and writing memories where its policy lets it. */
export function allowedActions({ actions, memory }: AgentDefinition): readonly AllowedAction[] {
  if (memory.writes.length === 0 || actions.some(({ name }) => name === memoryAction)) return actions;
  return [...actions, { name: memoryAction, approval: 'by_effect' }];
}

/** True where a call waits for a person's consent, if nothing but the action and its policy is looked at. */
export function asksByPolicy(policy: ApprovalPolicy, effect: Effect): boolean {
  if (policy === 'by_effect') return effect === 'send' || effect === 'destroy';
  return policy === 'always';
}
