import { z } from 'zod';
import { FieldValue, HeaderName } from './header-schema.js';
import { Pagination } from './pagination-input.js';
import { RequestBody } from './request-body-input.js';

const Scalar = z.union([z.string().max(8000), z.number(), z.boolean()]);
const ErrorStatus = z.int().min(400).max(599);

const methodsWithoutBody = new Set(['GET', 'HEAD']);

export const RequestInput = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']).default('GET'),
    url: z
      .string()
      .trim()
      .max(8000)
      .describe("Absolute, or relative to the connection's base address: `/users`, `users?active=1`, empty"),
    query: z
      .record(z.string().max(255), z.union([Scalar, z.array(Scalar).max(1000)]))
      .optional()
      .describe('Added to the query of the url; a list repeats its name'),
    headers: z.record(HeaderName, FieldValue).optional(),
    body: RequestBody.optional(),
    response: z
      .enum(['auto', 'json', 'text', 'file'])
      .default('auto')
      .describe(
        'What the answer is taken for; auto goes by its content type, and anything binary becomes a file',
      ),
    acceptStatus: z
      .array(ErrorStatus)
      .max(50)
      .default([])
      .describe('Statuses from 400 that are an answer like any other, such as 404'),
    retryOnStatus: z
      .array(ErrorStatus)
      .max(50)
      .default([408, 425, 429, 500, 502, 503, 504])
      .describe('Statuses after which the step is tried again'),
    onUnknownOutcome: z
      .enum(['repeat', 'fail'])
      .default('fail')
      .describe(
        'For POST and PATCH, when an earlier attempt began and its answer was lost: repeat where the other side ' +
          'knows the Idempotency-Key header or can bear to be asked twice',
      ),
    pagination: Pagination.optional(),
  })
  .refine(({ body, method }) => body === undefined || !methodsWithoutBody.has(method), {
    path: ['body'],
    message: 'A GET or HEAD request has no body.',
  })
  .refine(({ pagination, method }) => pagination === undefined || method === 'GET', {
    path: ['pagination'],
    message: 'Only GET requests can be paged.',
  })
  .refine(
    ({ pagination, response }) => pagination === undefined || response === 'auto' || response === 'json',
    {
      path: ['response'],
      message: 'Pages are JSON.',
    },
  );

export type HttpRequest = z.output<typeof RequestInput>;
