import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import type { Actor } from '../caller.js';
import type { DomainContext } from '../domain.js';
import type { Reference, ResourceDefinition } from './resource-definition.js';
import type { ResourceTable, Row } from './resource-table.js';

/** The condition for rows of the caller's organization that they may know of, and that are there, or are deleted. */
export function rowsThat(
  state: 'exist' | 'are deleted',
  definition: ResourceDefinition,
  { actor }: DomainContext,
): SQL | undefined {
  const { table } = definition;
  const known = knownRows(definition, actor);
  if (state === 'are deleted') return and(known, isNotNull(table.deletedAt));
  return and(known, isNull(table.deletedAt), ...existingParents(definition));
}

/** The condition for rows of the caller's organization that they may know of, deleted or not. */
export function knownRows(definition: ResourceDefinition, actor: Actor): SQL | undefined {
  const { table, policy } = definition;
  const parents = referenceEntries(definition.references).flatMap(
    ([field, { table: parent, policy: ofParent }]) => {
      const condition = ofParent?.(actor);
      return condition ? [parentThat(definition, field, parent, condition)] : [];
    },
  );
  return and(eq(table.orgId, actor.orgId), policy?.(actor), ...parents);
}

/** For each reference, the condition that the row it points at is not deleted. */
export function existingParents(definition: ResourceDefinition): SQL[] {
  return referenceEntries(definition.references).map(([field, { table: parent }]) =>
    parentThat(definition, field, parent, isNull(parent.deletedAt)),
  );
}

function parentThat(
  { table }: ResourceDefinition,
  field: string,
  parent: ResourceTable,
  condition: SQL,
): SQL {
  const columns: Record<string, unknown> = { ...table };
  return sql`EXISTS (SELECT FROM ${parent} WHERE ${parent.orgId} = ${table.orgId} AND ${parent.id} = ${columns[field]} AND ${condition})`;
}

/**
 * Values for a write, in which an id that must belong to an undeleted row that the actor may know of becomes a look-up
 * in the same statement: null where there is none, which the column refuses.
 */
export function withReferences(
  { references }: ResourceDefinition,
  { actor }: DomainContext,
  values: Row,
): Row {
  const lookUps = referenceEntries(references)
    .filter(([field]) => values[field] !== undefined)
    .map(([field, { table: parent, policy }]) => [
      field,
      sql`(SELECT ${parent.id} FROM ${parent} WHERE ${and(
        eq(parent.orgId, actor.orgId),
        eq(parent.id, values[field]),
        isNull(parent.deletedAt),
        policy?.(actor),
      )})`,
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

function referenceEntries(references: ResourceDefinition['references']): [string, Reference][] {
  return Object.entries(references ?? {}).flatMap(([field, reference]) =>
    reference ? [[field, reference]] : [],
  );
}
