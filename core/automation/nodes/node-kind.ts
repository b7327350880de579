import type { z } from 'zod';
import type { ActionDescription } from '../../action.js';
import type { ConnectionUse } from '../../connector.js';
import type { EventDefinition } from '../../event.js';
import type { JsonSchema } from '../../expression/json-schema-types.js';
import type { ValuePath } from '../../expression/paths.js';
import type { ExpressionCheck } from '../expression-check.js';
import type { KnownAutomations } from '../known-automation.js';
import type { FieldIssue } from '../template-check.js';
import type { StepShape } from '../visible-scope.js';

/** What the compiler knows of an action. */
export type ActionFacts = ActionDescription & {
  kind: string;
  connector?: string;
  connection?: ConnectionUse;
  /** It asks something outside, which may take long. */
  outside?: unknown;
};

export type Actions = ReadonlyMap<string, ActionFacts>;

/** What there is in the catalogue. */
export interface Known {
  actions: Actions;
  events: ReadonlyMap<string, EventDefinition>;
  /** Automations that this one refers to, by id. */
  automations?: KnownAutomations;
  /** Names of the organization's variables; none unless given. */
  variables?: ReadonlySet<string>;
  /** What this automation's own result has to be; anything unless given. */
  outputSchema?: JsonSchema | undefined;
}

/** A value of a node with templates in it, and the schema that its evaluated form must have. */
export interface NodeTemplate {
  field: string;
  value: unknown;
  schema: JsonSchema | undefined;
  /**
   * `body`: evaluated inside the node's body, where `item`, `index` and the body's steps are in scope.
   * `item`: evaluated for each item of `items`, which it sees as `item`, with its place as `index`.
   */
  place?: 'body' | 'item';
  /** For `item`: the template of the list. */
  items?: unknown;
}

export interface PlanContext {
  actions: Actions;
  /**
   * Local activities end in no recorded order, which matters where regular ones or timers go on beside them. There,
   * every action is a regular activity.
   */
  canBeLocal: boolean;
  /** Parts of the node's output that other nodes read. */
  keep: readonly ValuePath[];
  /** Nodes whose every way leads to this node. */
  leadingOnlyHere(): readonly string[];
}

/** One type of node: its form, what may follow it, what is checked of it, and what the engine makes of it. */
export interface NodeKind<Schema extends z.ZodType = z.ZodType, Planned = unknown> {
  schema: Schema;
  /** The handles by which edges may leave it. */
  handles(node: z.output<Schema>): readonly string[];
  /** The action that it performs, if it performs one. */
  actionOf?(node: z.output<Schema>): {
    action: string;
    connection: string | undefined;
    /** Templates not evaluated. */
    input: Readonly<Record<string, unknown>>;
  };
  templates(node: z.output<Schema>, known: Known): readonly NodeTemplate[];
  /** What is wrong with it that its schema and its templates do not tell. */
  issues?(node: z.output<Schema>, known: Known): readonly FieldIssue[];
  /** What is known of its output; anything unless given. `itemOf` knows of the items of the list that a template gives. */
  shape?(
    node: z.output<Schema>,
    known: Known,
    check: ExpressionCheck,
    itemOf: (list: unknown) => JsonSchema | undefined,
  ): StepShape;
  /** A run may have to wait in it for long, or it multiplies the run's work. */
  isHeavy?: boolean;
  /** Its parts work side by side. */
  isParallel?(node: z.output<Schema>): boolean;
  /** It has a body, which begins at its handle `body`. */
  hasBody?: boolean;
  plan(node: z.output<Schema>, context: PlanContext): Planned;
}

/** Checks a kind's parts against each other. */
export function defineNodeKind<Schema extends z.ZodType, Planned>(
  kind: NodeKind<Schema, Planned>,
): NodeKind<Schema, Planned> {
  return kind;
}
