import { z } from 'zod';
import { budgetPeriods, budgetScopes } from '#core/ai/budget.js';
import { defineEvent } from '#core/event.js';
import { titleField } from '#runtime/resource/text-field.js';

const limitMinor = z.int().min(0).max(1_000_000_000).describe('Minor units, such as cents');

/** A budget as callers see it. */
export const Budget = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  scope: z.enum(budgetScopes).describe('Whose calls it bounds'),
  subjectId: z.uuid().nullable().describe('Of whom; null: each of them has this much'),
  period: z.enum(budgetPeriods).describe('Over which it counts, in UTC'),
  limitMinor,
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});

/** What a budget counts for is said once: with another subject or period it would begin at nothing. */
export const CreateBudget = z.object({
  name: titleField(200),
  scope: Budget.shape.scope,
  subjectId: z.uuid().nullable().optional().describe('Of whom; absent: each of them has this much'),
  period: Budget.shape.period,
  limitMinor,
});

export const UpdateBudget = z.object({ name: titleField(200), limitMinor });

const event = (verb: string, payload: z.ZodObject = Budget) =>
  defineEvent({
    type: `budget.${verb}`,
    title: `Budget ${verb}`,
    description: `A budget was ${verb}.`,
    payload,
  });

export const budgetEvents = {
  created: event('created'),
  updated: event('updated', Budget.extend({ changedFields: z.array(z.string()) })),
  deleted: event('deleted'),
  restored: event('restored'),
};
