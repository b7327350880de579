import { z } from 'zod';
import { defineEvent } from '#core/event.js';
import { textField, titleField } from '#runtime/resource/text-field.js';

/** A department as callers see it. */
export const Department = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  description: z.string(),
  parentId: z.uuid().nullable().describe('Null at the top'),
  headId: z.uuid().nullable().describe('User who leads it'),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

export const CreateDepartment = z.object({
  name: titleField(200),
  description: textField({ max: 10_000 }).optional(),
  parentId: z.uuid().nullable().optional(),
  headId: z.uuid().nullable().optional().describe('User id of an active member'),
});

const event = (verb: string, payload: z.ZodObject = Department) =>
  defineEvent({
    type: `department.${verb}`,
    title: `Department ${verb}`,
    description: `A department was ${verb}.`,
    payload,
  });

export const departmentEvents = {
  created: event('created'),
  updated: event('updated', Department.extend({ changedFields: z.array(z.string()) })),
  deleted: event('deleted'),
  restored: event('restored'),
};
