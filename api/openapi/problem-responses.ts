import { type ErrorCode, errorTable } from '#core/errors.js';
import type { JsonSchema } from './json-schema.js';

/** Schema of an error answer, RFC 9457. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'A problem, RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'A page that explains the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong with this request.' },
    code: { type: 'string', enum: Object.keys(errorTable) },
    instance: { type: 'string', description: 'Path of the request.' },
    requestId: { type: 'string', description: 'Also in X-Request-Id; names the request in the logs.' },
    issues: {
      type: 'array',
      description: 'One entry a field that is wrong.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'Dotted path of the field.' },
          message: { type: 'string' },
          node: { type: 'string', description: 'In an automation: the node.' },
        },
      },
    },
    current: {
      type: 'object',
      description: 'In a conflict of versions: what the row is at now, and who changed it last.',
      required: ['version', 'updatedAt'],
      properties: {
        version: { type: 'integer' },
        updatedAt: { type: 'string', format: 'date-time' },
        updatedBy: {
          type: 'object',
          required: ['id', 'name'],
          properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string' } },
        },
      },
    },
  },
};

/** One component a status, which names every code that answers with it. */
export function problemComponents(): Record<string, JsonSchema> {
  const statuses = new Set(Object.values(errorTable).map(({ status }) => status));
  return Object.fromEntries([...statuses].map((status) => [`Problem${status}`, problemResponse(status)]));
}

/** References to the answers of these codes, by status. */
export function problemReferences(codes: readonly ErrorCode[]): Record<string, JsonSchema> {
  const statuses = [...new Set(codes.map((code) => errorTable[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]),
  );
}

function problemResponse(status: number): JsonSchema {
  const entries = Object.entries(errorTable).filter(([, entry]) => entry.status === status);
  const examples = entries.map(([code, { title }]) => [
    code,
    {
      summary: title,
      value: {
        type: `/problems/${code}`,
        title,
        status,
        detail: title,
        code,
        instance: '/v1/…',
        requestId: '3f0e2c1a-5b7d-4f6e-9a8b-0c1d2e3f4a5b',
        ...(code === 'validation' ? { issues: [{ path: 'title', message: 'must not be empty' }] } : {}),
      },
    },
  ]);
  return {
    description: entries.map(([code, { title }]) => `\`${code}\`: ${title}.`).join(' '),
    ...(entries.some(([, { retryable }]) => retryable) ? { headers: retryAfterHeader } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

const retryAfterHeader = {
  'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer' } },
};
