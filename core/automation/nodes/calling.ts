import { z } from 'zod';
import { chosenFromAutomations } from '../../choices.js';
import { parseDuration } from '../../duration.js';
import { jsonSchemaOf } from '../../expression/json-schema-types.js';
import { problemOfStarting } from '../known-automation.js';
import { schemaOfInput } from '../triggers/input-schema.js';
import {
  commonFields,
  effortFields,
  effortHandles,
  planEffort,
  surelySucceeds,
  templateRecord,
} from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

/** The action by which a subflow is started. */
export const subflowAction = 'automations.run_subflow';
/** How long starting it may take. */
const startMs = 10_000;

/** Starts a run of another automation: of the version that is published at that moment. */
export const subflow = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    ...effortFields,
    type: z.literal('subflow'),
    automation: z.uuid().meta(chosenFromAutomations),
    /** What `trigger` is in the started run. */
    input: templateRecord.default({}),
    /** `wait` goes on with the run's result and fails with its error; `detach` goes on at once with `{ runId }`. */
    mode: z.enum(['wait', 'detach']).default('wait'),
  }),
  handles: (node) => effortHandles(node),
  actionOf: ({ automation, input }) => ({
    action: subflowAction,
    connection: undefined,
    input: { id: automation, input },
  }),
  templates: ({ automation, input }, { automations }) => {
    const inputSchema = automations?.get(automation)?.inputSchema;
    const schema = inputSchema && jsonSchemaOf(schemaOfInput(inputSchema), 'input');
    return [{ field: 'input', value: input, schema }];
  },
  issues: ({ automation }, { automations }) => {
    const message = problemOfStarting(automations?.get(automation));
    return message === undefined ? [] : [{ path: 'automation', message }];
  },
  shape: (node, { automations }) => {
    if (!surelySucceeds(node)) return 'anything';
    if (node.mode === 'detach') return { fields: { runId: 'string' } };
    const outputSchema = automations?.get(node.automation)?.outputSchema;
    return outputSchema ? { schema: jsonSchemaOf(schemaOfInput(outputSchema), 'output') } : 'anything';
  },
  isHeavy: true,
  plan: (node, { canBeLocal }) => {
    const { retry, onError } = planEffort(node, startMs);
    return {
      type: node.type,
      action: subflowAction,
      automation: node.automation,
      mode: node.mode,
      isLocal: canBeLocal,
      /** Input of the action. */
      input: { id: node.automation, input: node.input } as unknown,
      retry,
      /** How often the started run is carried out at most: as often as the automation says, else once. */
      tries: node.retry?.attempts ?? 1,
      onError,
      startMs,
      /** Of the whole step; undefined: as long as the started run takes. */
      timeoutMs: node.timeout === undefined ? undefined : parseDuration(node.timeout),
    };
  },
});
