import { z } from 'zod';
import { jsonSize } from '#core/automation/packed-value.js';
import { defineEvent } from '#core/event.js';
import { textField } from '#runtime/resource/text-field.js';

/** Bytes of a value as JSON. */
const maxValueSize = 8 * 1024;

/** A variable as callers see it. */
export const Variable = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  value: z.unknown().describe('Any JSON. Not secret: everybody who may read variables sees it'),
  description: z.string(),
  updatedBy: z.uuid().describe('Who changed it last'),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

export const CreateVariable = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must start with a letter or _ and hold A–Z, a–z, 0–9 and _ only')
    .describe('Expressions read it as `vars.<name>`'),
  value: z
    .json()
    .refine((value) => jsonSize(value) <= maxValueSize, `must not be over ${maxValueSize} bytes as JSON`)
    .describe('Any JSON, not secret: what is secret belongs into a connection'),
  description: textField({ max: 5_000 }).optional(),
});

/** Events tell of a variable without its value. */
const Told = Variable.omit({ value: true });

export const variableEvents = {
  created: defineEvent({
    type: 'variable.created',
    title: 'Variable created',
    description: 'Somebody made a variable.',
    payload: Told,
  }),
  updated: defineEvent({
    type: 'variable.updated',
    title: 'Variable updated',
    description: 'A variable got another name, value or description; changedFields says which.',
    payload: Told.extend({ changedFields: z.array(z.string()) }),
  }),
  deleted: defineEvent({
    type: 'variable.deleted',
    title: 'Variable deleted',
    description: 'Somebody deleted a variable. Runs that start from now on can not read it.',
    payload: Told,
  }),
  restored: defineEvent({
    type: 'variable.restored',
    title: 'Variable restored',
    description: 'Somebody brought back a deleted variable.',
    payload: Told,
  }),
};
