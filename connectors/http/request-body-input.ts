import { z } from 'zod';

const ContentType = z
  .string()
  .max(255)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\t\x20-\x7e]*)?$/, 'must be a content type such as text/csv');

const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of a stored file')
  .describe('Where the file is kept: its SHA-256 in hex');

const Text = z.string().max(10_000_000);
const Scalar = z.union([Text, z.number(), z.boolean()]);
const PartName = z.string().min(1).max(255);

const FilePart = z.strictObject({
  name: PartName,
  sha256: Sha256,
  filename: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line'),
  contentType: ContentType,
});

/** What a request sends. */
export const RequestBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('json'),
    value: z
      .unknown()
      .refine((value) => value !== undefined, 'is required')
      .describe('Any JSON value'),
  }),
  z.strictObject({
    kind: z.literal('form'),
    fields: z
      .record(z.string().max(1000), z.union([Scalar, z.array(Scalar).max(1000)]))
      .describe('Sent as application/x-www-form-urlencoded; a list repeats its name'),
  }),
  z.strictObject({
    kind: z.literal('multipart'),
    parts: z
      .array(z.union([z.strictObject({ name: PartName, value: Text }), FilePart]))
      .min(1)
      .max(100)
      .describe('Sent as multipart/form-data, in this order'),
  }),
  z.strictObject({
    kind: z.literal('text'),
    text: Text,
    contentType: ContentType.default('text/plain;charset=UTF-8'),
  }),
  z.strictObject({ kind: z.literal('file'), sha256: Sha256, contentType: ContentType }),
]);

export type RequestBody = z.output<typeof RequestBody>;
