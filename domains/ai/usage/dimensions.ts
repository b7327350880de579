import { type SQL, sql } from 'drizzle-orm';

/** A field by which sums are grouped: its name in the filter over calls, and its value as text. */
interface GroupField {
  field: 'day' | 'month' | FilterField;
  text: SQL;
}

type FilterField =
  | 'userId'
  | 'departmentId'
  | 'agentId'
  | 'principalKind'
  | 'principalId'
  | 'provider'
  | 'model'
  | 'purpose';

const provider: GroupField = { field: 'provider', text: sql`provider` };

/** By what usage can be summed up. */
const dimensions = {
  day: [{ field: 'day', text: sql`to_char(day, 'YYYY-MM-DD')` }],
  month: [{ field: 'month', text: sql`to_char(day, 'YYYY-MM')` }],
  user: [{ field: 'userId', text: sql`user_id::text` }],
  department: [{ field: 'departmentId', text: sql`coalesce(department_id::text, 'none')` }],
  agent: [{ field: 'agentId', text: sql`coalesce(agent_id::text, 'none')` }],
  provider: [provider],
  // Two providers may have models of the same name.
  model: [provider, { field: 'model', text: sql`model` }],
  purpose: [{ field: 'purpose', text: sql`purpose` }],
  principal: [
    { field: 'principalKind', text: sql`principal_kind` },
    { field: 'principalId', text: sql`principal_id::text` },
  ],
} as const satisfies Record<string, readonly GroupField[]>;

export type Dimension = keyof typeof dimensions;

export const dimensionNames = Object.keys(dimensions) as Dimension[];

/** The fields of some dimensions, each once. */
export function fieldsOfDimensions(names: readonly Dimension[]): readonly GroupField[] {
  const fields: GroupField[] = names.flatMap((name) => [...dimensions[name]]);
  return fields.filter(({ field }, index) => fields.findIndex((other) => other.field === field) === index);
}
