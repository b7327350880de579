import type { JsonSchema } from '../expression/json-schema-types.js';

/** What an expression at one place of an automation may see. */
export interface VisibleScope {
  trigger: JsonSchema;
  steps: VisibleSteps;
  /** Every node of the automation, to tell "later" from "unknown". */
  nodeIds: ReadonlySet<string>;
  /** The loops around the place, innermost first, with what is known of an item of each. */
  loops?: ReadonlyMap<string, JsonSchema | undefined>;
  /** Names of the organization's variables; undefined where none can be read. */
  vars?: ReadonlySet<string> | undefined;
  /** What `item` is where it is not that of the innermost loop. */
  item?: { schema: JsonSchema | undefined } | undefined;
}

/** Steps that may have run before, with what is known of their output. */
export interface VisibleSteps {
  has(id: string): boolean;
  shapeOf(id: string): StepShape;
  ids(): readonly string[];
}

export type StepShape = { schema: JsonSchema } | { fields: Readonly<Record<string, string>> } | 'anything';
