/** Whose spending a budget bounds. */
export const budgetScopes = ['organization', 'department', 'user', 'agent', 'run'] as const;

export type BudgetScope = (typeof budgetScopes)[number];

/** Over which time it counts; days and months in UTC. */
export const budgetPeriods = ['day', 'month', 'total'] as const;

export type BudgetPeriod = (typeof budgetPeriods)[number];

/** The part of a budget from which on people are told. */
export const warningPart = 0.8;
