import { z } from 'zod';
import { type JsonSchema, jsonSchemaOf } from '../../expression/json-schema-types.js';
import type { StepShape } from '../visible-scope.js';
import {
  commonFields,
  effortFields,
  effortHandles,
  planEffort,
  surelySucceeds,
  template,
  templateRecord,
} from './node-fields.js';
import { defineNodeKind, type Known, type PlanContext } from './node-kind.js';

type ActionCall = {
  action: string;
  connection?: string | undefined;
  input: Record<string, unknown>;
  /** Fields of the input that are no templates. */
  fixed?: Readonly<Record<string, unknown>>;
} & Parameters<typeof planEffort>[0];

const codeAction = 'code.run';
const shortMs = 10_000;
const longMs = 60_000;

/** Performs one action of the catalogue. */
export const action = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    ...effortFields,
    type: z.literal('action'),
    action: z.string(),
    connection: z.uuid().optional(),
    input: templateRecord.default({}),
  }),
  ...performing((node: ActionCall) => node),
  issues: ({ action: name }: ActionCall) =>
    name === codeAction ? [{ path: 'action', message: 'is used through a node of type code' }] : [],
});

/** Calls any HTTP API: `http.request` with a node type of its own. */
export const http = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    ...effortFields,
    type: z.literal('http'),
    connection: z.uuid().optional(),
    input: templateRecord,
  }),
  ...performing((node: Omit<ActionCall, 'action'>) => ({ ...node, action: 'http.request' })),
});

/**
 * Runs the user's JavaScript in a sandbox: `code.run` with a node type of its own. The source is taken as it stands and
 * never a template: data becomes code in no way, it comes in as `input`.
 */
export const code = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    ...effortFields,
    type: z.literal('code'),
    input: z.strictObject({
      source: z.string(),
      input: template.optional(),
      timeoutMs: z.int().optional(),
      memoryMb: z.int().optional(),
    }),
  }),
  ...performing(({ input: { source, ...input }, ...node }: Omit<ActionCall, 'action'>) => ({
    ...node,
    input,
    fixed: { source },
    action: codeAction,
  })),
});

function performing<Node>(callOf: (node: Node) => ActionCall) {
  return {
    handles: (node: Node) => effortHandles(callOf(node)),
    actionOf: (node: Node) => {
      const { action: name, connection, input, fixed } = callOf(node);
      return { action: name, connection, input: { ...input, ...fixed } };
    },
    templates: (node: Node, { actions }: Known) => {
      const { action: name, input, fixed } = callOf(node);
      const schema = actions.get(name)?.input;
      const wanted = schema && jsonSchemaOf(schema, 'input');
      return [{ field: 'input', value: input, schema: withoutFields(wanted, Object.keys(fixed ?? {})) }];
    },
    shape: (node: Node, { actions }: Known): StepShape => {
      const call = callOf(node);
      const output = actions.get(call.action)?.output;
      return output && surelySucceeds(call) ? { schema: jsonSchemaOf(output, 'output') } : 'anything';
    },
    plan: (node: Node, { actions, canBeLocal, keep }: PlanContext) => {
      const call = callOf(node);
      const facts = actions.get(call.action);
      const isShort = facts?.kind === 'domain' && !facts.outside;
      return {
        type: 'action' as const,
        action: call.action,
        connection: call.connection,
        /** A short transaction of ours; else a call to the outside. */
        isLocal: isShort && canBeLocal,
        input: call.input as unknown,
        fixed: call.fixed ?? null,
        /** Parts of its output that other nodes read. */
        keep,
        ...planEffort(call, isShort ? shortMs : longMs),
      };
    },
  };
}

/** The schema of an object but for some of its fields. */
function withoutFields(schema: JsonSchema | undefined, names: readonly string[]): JsonSchema | undefined {
  if (!schema || names.length === 0) return schema;
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  const required = (schema.required ?? []).filter((name) => !names.includes(name));
  return { ...schema, properties: Object.fromEntries(properties), required };
}
