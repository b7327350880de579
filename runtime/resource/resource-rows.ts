import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '../domain.js';
import type { ResourceDefinition } from './resource-definition.js';
import type { ResourceTable, Row } from './resource-table.js';

/** The condition for rows of the caller's organization that are there, or that are deleted. */
export function rowsThat(
  state: 'exist' | 'are deleted',
  definition: ResourceDefinition,
  { actor }: DomainContext,
): SQL | undefined {
  const { table } = definition;
  const ofOrg = eq(table.orgId, actor.orgId);
  if (state === 'are deleted') return and(ofOrg, isNotNull(table.deletedAt));
  return and(ofOrg, isNull(table.deletedAt), ...existingParents(definition));
}

/** For each reference, the condition that the row it points at is not deleted. */
export function existingParents({ table, references }: ResourceDefinition): SQL[] {
  const columns: Record<string, unknown> = { ...table };
  return referenceEntries(references).map(
    ([field, parent]) =>
      sql`EXISTS (SELECT FROM ${parent} WHERE ${parent.orgId} = ${table.orgId} AND ${parent.id} = ${columns[field]} AND ${parent.deletedAt} IS NULL)`,
  );
}

/**
 * Values for a write, in which an id that must belong to an undeleted row becomes a look-up in the same statement:
 * null where there is none, which the column refuses.
 */
export function withReferences(
  { references }: ResourceDefinition,
  { actor }: DomainContext,
  values: Row,
): Row {
  const lookUps = referenceEntries(references)
    .filter(([field]) => values[field] !== undefined)
    .map(([field, parent]) => [
      field,
      sql`(SELECT ${parent.id} FROM ${parent} WHERE ${parent.orgId} = ${actor.orgId} AND ${parent.id} = ${values[field]} AND ${parent.deletedAt} IS NULL)`,
    ]);
  return { ...values, ...Object.fromEntries(lookUps) };
}

/** What every change of a row sets: its version, the time, and who, where the table keeps that. */
export function changeMarks({ table }: ResourceDefinition, { actor }: DomainContext): Row {
  return {
    version: sql`${table.version} + 1`,
    updatedAt: sql`now()`,
    ...(table.updatedBy && { updatedBy: actor.userId }),
  };
}

/** The error for a row that is not there, deleted, or of another organization: they look the same. */
export function notFound({ singular }: ResourceDefinition): AppError {
  return new AppError('not_found', `There is no such ${singular}`);
}

/** Throws `validation` with what the definition's check finds. */
export async function runCheck(
  definition: ResourceDefinition,
  context: DomainContext,
  input: Row,
  id?: string,
): Promise<void> {
  const issues = (await definition.check?.(context, input, id)) ?? [];
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}

function referenceEntries(references: ResourceDefinition['references']): [string, ResourceTable][] {
  return Object.entries(references ?? {}).flatMap(([field, parent]) => (parent ? [[field, parent]] : []));
}
