import { z } from 'zod';
import { headerNameProblem, isAnswerStatus, isHeaderValue, maxAnswerHeaders } from '../answer.js';
import { defaultHandle } from '../plan.js';
import type { FieldIssue } from '../template-check.js';
import { commonFields, template, templateRecord } from './node-fields.js';
import { defineNodeKind } from './node-kind.js';

/** Answers whoever waits for the run: a webhook's sender, or a caller of the API. The run goes on. */
export const respond = defineNodeKind({
  schema: z.strictObject({
    ...commonFields,
    type: z.literal('respond'),
    input: z
      .strictObject({
        /** 200 to 599; 200 unless given. */
        status: template.optional(),
        headers: templateRecord.default({}),
        /** Text is sent as text, anything else as JSON; no body unless given. */
        body: template.optional(),
      })
      .default({ headers: {} }),
  }),
  handles: () => [defaultHandle],
  templates: ({ input }) => [
    { field: 'input.status', value: input.status, schema: { type: 'integer' } },
    ...Object.entries(input.headers).map(([name, value]) => ({
      field: `input.headers.${name}`,
      value,
      schema: { type: 'string' },
    })),
    { field: 'input.body', value: input.body, schema: undefined },
  ],
  issues: ({ input: { status, headers } }) => [
    ...(typeof status === 'number' && !isAnswerStatus(status)
      ? [{ path: 'input.status', message: 'must be a status from 200 to 599' }]
      : []),
    ...headerIssues(headers),
  ],
  shape: () => ({ fields: { status: 'double', headers: 'map<string, string>' } }),
  plan: ({ type, input }) => ({
    type,
    status: input.status,
    headers: input.headers as unknown,
    /** Not `body`, which is what loops have. */
    content: input.body,
  }),
});

function headerIssues(headers: Readonly<Record<string, unknown>>): FieldIssue[] {
  const names = Object.keys(headers);
  if (names.length > maxAnswerHeaders)
    return [{ path: 'input.headers', message: `must not be over ${maxAnswerHeaders}` }];
  return names.flatMap((name) => {
    const path = `input.headers.${name}`;
    const problem = headerNameProblem(name);
    if (problem) return [{ path, message: problem }];
    if (names.some((other) => other < name && other.toLowerCase() === name.toLowerCase()))
      return [{ path, message: 'is given twice' }];
    const value = headers[name];
    if (typeof value !== 'string' || isHeaderValue(value)) return [];
    return [{ path, message: 'must be one line of up to 4,000 characters' }];
  });
}
