import { z } from 'zod';

const Path = z
  .string()
  .max(500)
  .regex(/^[^.]+(?:\.[^.]+)*$/, 'must be names with dots between, such as data.items');

const Parameter = z.string().min(1).max(255);

const common = {
  items: Path.optional().describe('Where the list stands in each answer; absent: the answer is the list'),
  maxPages: z.int().min(1).max(100).default(10),
};

/** How the next page is found. */
export const Pagination = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('link'), ...common })
    .describe('By the header Link with rel="next" (RFC 8288)'),
  z
    .strictObject({
      kind: z.literal('cursor'),
      cursor: Path.describe(
        'Where each answer holds the cursor of the next page; null, empty or absent on the last',
      ),
      parameter: Parameter.describe('Query parameter that takes the cursor'),
      ...common,
    })
    .describe('By a cursor in the answer'),
  z
    .strictObject({
      kind: z.literal('page'),
      parameter: Parameter.describe('Query parameter that takes the number of the page'),
      start: z.int().min(0).default(1).describe('Number of the first page'),
      ...common,
    })
    .describe('By counting, until a page is empty'),
]);

export type Pagination = z.output<typeof Pagination>;
