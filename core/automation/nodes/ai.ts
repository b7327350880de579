import { z } from 'zod';
import { jsonSchemaOf } from '../../expression/json-schema-types.js';
import { performing } from './action.js';
import { commonFields, effortFields, surelySucceeds, templateRecord } from './node-fields.js';
import { defineNodeKind, type Known } from './node-kind.js';

const tasks = ['generate', 'extract', 'classify', 'sentiment', 'summarize'] as const;

type AiNode = {
  task: (typeof tasks)[number];
  input: Record<string, unknown>;
  schema?: Record<string, unknown> | undefined;
} & Parameters<typeof surelySucceeds>[0];

const parts = performing(({ task, schema, ...node }: AiNode) => ({
  ...node,
  action: `ai.${task}`,
  ...(schema && { fixed: { schema } }),
}));

/**
 * Has a language model do one task: the actions `ai.*` with a node type of its own. What `extract` reads out has the form that its
 * `schema` says, which later steps are checked against; the schema is taken as it stands and never a template.
 */
export const ai = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    ...effortFields,
    type: z.literal('ai'),
    task: z.enum(tasks),
    input: templateRecord.default({}),
    /** Of `extract`: JSON Schema of what is to be read out. */
    schema: z.record(z.string(), z.unknown()).optional(),
  }),
  ...parts,
  issues: ({ task, schema }: AiNode) =>
    (task === 'extract') === (schema !== undefined)
      ? []
      : [
          {
            path: 'schema',
            message: task === 'extract' ? 'says what is to be read out' : 'is of `extract` only',
          },
        ],
  shape: (node: AiNode, known: Known) => {
    const output = known.actions.get('ai.extract')?.output;
    if (node.task !== 'extract' || !output || !surelySucceeds(node)) return parts.shape(node, known);
    const whole = jsonSchemaOf(output, 'output');
    return { schema: { ...whole, properties: { ...whole.properties, data: { ...node.schema } } } };
  },
});
