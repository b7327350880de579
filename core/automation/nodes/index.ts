import { z } from 'zod';
import { action, code, http } from './action.js';
import { ai } from './ai.js';
import { ifNode, join, switchNode } from './branching.js';
import { subflow } from './calling.js';
import { loop, whileNode } from './looping.js';
import type { NodeKind } from './node-kind.js';
import { respond } from './respond.js';
import { dedupe, filter, limit, sort } from './selecting.js';
import { aggregate, merge, pick, split } from './shaping.js';
import { set, stop } from './values.js';
import { approval, wait } from './waiting.js';

/** Every type of node, listed once. */
export const nodeKinds = {
  action,
  http,
  code,
  ai,
  if: ifNode,
  switch: switchNode,
  set,
  filter,
  sort,
  limit,
  dedupe,
  pick,
  split,
  aggregate,
  merge,
  join,
  wait,
  approval,
  stop,
  respond,
  loop,
  while: whileNode,
  subflow,
} as const;

export const AutomationNode = z.discriminatedUnion('type', [
  action.schema,
  http.schema,
  code.schema,
  ai.schema,
  ifNode.schema,
  switchNode.schema,
  set.schema,
  filter.schema,
  sort.schema,
  limit.schema,
  dedupe.schema,
  pick.schema,
  split.schema,
  aggregate.schema,
  merge.schema,
  join.schema,
  wait.schema,
  approval.schema,
  stop.schema,
  respond.schema,
  loop.schema,
  whileNode.schema,
  subflow.schema,
]);

export type AutomationNode = z.output<typeof AutomationNode>;

type Planned = ReturnType<(typeof nodeKinds)[keyof typeof nodeKinds]['plan']>;

/** What the engine carries out of each node. */
export type PlannedNode = Planned;

/** The kind of a node. */
export function kindOf(node: AutomationNode): NodeKind<typeof AutomationNode, PlannedNode> {
  // Each kind is given nodes of its own type only.
  return nodeKinds[node.type] as unknown as NodeKind<typeof AutomationNode, PlannedNode>;
}
