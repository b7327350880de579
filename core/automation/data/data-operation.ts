/** What a data node does, as a plan holds it. Fields that are `unknown` are templates. */
export type DataOperation =
  | { name: 'filter'; items: unknown; keep: unknown }
  | { name: 'sort'; items: unknown; by: readonly SortKey[] }
  | { name: 'limit'; items: unknown; count: unknown; offset: unknown; from: 'start' | 'end' }
  | { name: 'dedupe'; items: unknown; by: unknown; keep: 'first' | 'last' }
  | { name: 'pick'; items: unknown; fields: Readonly<Record<string, unknown>> }
  | { name: 'split'; items: unknown; size: unknown }
  | {
      name: 'aggregate';
      items: unknown;
      groupBy: Readonly<Record<string, unknown>>;
      values: Readonly<Record<string, Aggregation>>;
    }
  | Merging;

export interface SortKey {
  key: unknown;
  direction: 'ascending' | 'descending';
}

export const aggregateFunctions = [
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'first',
  'last',
  'list',
  'distinct',
] as const;

export interface Aggregation {
  function: (typeof aggregateFunctions)[number];
  /** Of each item; the item itself unless given. */
  of?: unknown;
}

export interface Merging {
  name: 'merge';
  left: unknown;
  right: unknown;
  mode: 'inner' | 'left' | 'outer' | 'append';
  /** What items of both sides have in common. */
  by?: unknown;
  /** The same of the right side, where it is named otherwise. */
  rightBy?: unknown;
  /** Put before the name of a right field that the left has too; without it the right one wins. */
  prefix?: string | undefined;
}

/** What every data node gives. */
export interface DataOutput {
  items: unknown[];
  count: number;
}
