import { z } from 'zod';
import { budgetPeriods, budgetScopes } from '#core/ai/budget.js';
import { aiBudgets as table } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { Budget, budgetEvents, CreateBudget, UpdateBudget } from './budget.js';
import { checkBudget, requireRoomForBudget } from './check-budget.js';

/** Budgets: how much may be spent on models, by whom, over which time. They count from when they are made. */
export const budgets = defineResource({
  name: 'budgets',
  singular: 'budget',
  table,
  output: Budget,
  create: CreateBudget,
  update: UpdateBudget,
  filters: {
    scope: equals(table.scope, z.enum(budgetScopes)),
    subjectId: equals(table.subjectId, z.uuid()),
    period: equals(table.period, z.enum(budgetPeriods)),
  },
  sorts: { createdAt: byColumn(table.createdAt), name: byColumn(table.name) },
  defaultSort: '-createdAt',
  events: budgetEvents,
  http: { path: '/ai/budgets' },
  check: checkBudget,
  checkRestore: requireRoomForBudget,
});
