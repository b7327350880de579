import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { ErrorIssue } from '#core/errors.js';
import type { EventDefinition } from '#core/event.js';
import type { Actor } from '../caller.js';
import type { DomainContext } from '../domain.js';
import type { Filter } from './filters.js';
import type { ResourceTable, Row } from './resource-table.js';
import type { Sort } from './sorts.js';

/** The resource that a field points at, and which of its rows an actor may know of: all of them without a policy. */
export interface Reference {
  table: ResourceTable;
  policy?(actor: Actor): SQL | undefined;
}

/** Everything that the six actions of a resource need to know. */
export interface ResourceDefinition<
  Create extends z.ZodObject = z.ZodObject,
  Update extends z.ZodObject = z.ZodObject,
  SortName extends string = string,
> {
  /** Plural, first part of action names and of permissions: `tasks`. */
  name: string;
  /** `task`, for titles and messages. */
  singular: string;
  table: ResourceTable;
  /** What callers see. Its fields that are columns of the table are what gets selected. */
  output: z.ZodObject;
  /** Fields to create with. An optional `id` is added: callers may choose it. */
  create: Create;
  /** Fields that can be changed; each is optional in an update. */
  update: Update;
  filters: Readonly<Record<string, Filter>>;
  sorts: Readonly<Record<SortName, Sort>>;
  defaultSort: NoInfer<SortName> | `-${NoInfer<SortName>}`;
  /** The generated tsvector column that `q` searches. */
  search?: PgColumn;
  /**
   * Fields that hold the id of a row of another resource, in columns that are not null. Where that row is deleted,
   * rows under it can't be made and are hidden; so they are where an actor may not know of that row.
   */
  references?: Partial<Record<keyof z.output<Create> & string, Reference>>;
  /** The condition for rows that an actor may know of; undefined: all of them. All six actions keep to it. */
  policy?(actor: Actor): SQL | undefined;
  events: Record<'created' | 'updated' | 'deleted' | 'restored', EventDefinition>;
  http: { path: `/${string}`; createPath?: `/${string}` };
  /** Values of a new row that do not come from input. */
  initialValues?(actor: Actor): Row;
  /**
   * Refuses fields that a schema can't judge alone. Called before a row is made and before one is changed; then with
   * its id.
   */
  check?(
    context: DomainContext,
    input: Partial<z.output<Create> & z.output<Update>>,
    id: string | undefined,
  ): Promise<ErrorIssue[]>;
  /** Writes what belongs to a new row. */
  afterCreate?(context: DomainContext, row: { id: string }): Promise<void>;
  /** Throws where a row must not be deleted now. Called with the row locked, as `checkRestore` is. */
  checkDelete?(context: DomainContext, id: string): Promise<void>;
  /** Throws where a row must not come back now. */
  checkRestore?(context: DomainContext, id: string): Promise<void>;
}
