import { z } from 'zod';

/** A node as far as it has come: its type's own fields may be missing or wrong still. */
export const DraftNode = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string().optional(),
  note: z.string().optional(),
  input: z.record(z.string(), z.unknown()).default({}),
});

export const DraftEdge = z.strictObject({
  source: z.string(),
  sourceHandle: z.string().optional(),
  target: z.string(),
});

/**
 * A definition as far as it has come, which every `AutomationDefinition` is. What the builder does not know of it, it
 * keeps. Publishing is what checks the rest.
 */
export const Draft = z.looseObject({
  name: z.string().default(''),
  trigger: z
    .looseObject({
      type: z.string(),
      connection: z.string().optional(),
      input: z.record(z.string(), z.unknown()).default({}),
      where: z.string().optional(),
    })
    .default({ type: 'manual', input: {} }),
  nodes: z.array(DraftNode).default([]),
  edges: z.array(DraftEdge).default([]),
  settings: z.record(z.string(), z.unknown()).default({}),
  layout: z.record(z.string(), z.unknown()).default({}),
  pinned: z
    .looseObject({
      trigger: z.record(z.string(), z.unknown()).optional(),
      steps: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

export type Draft = z.output<typeof Draft>;
export type DraftNode = z.output<typeof DraftNode>;
export type DraftEdge = z.output<typeof DraftEdge>;

/** The id by which edges and issues name the trigger. */
export const triggerId = 'trigger';
