export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

const all: readonly Privilege[] = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];

interface TablePrivileges {
  table: readonly Privilege[];
  /** Columns that may be updated where the whole row may not. */
  updatable?: readonly string[];
}

/** The application's role may do less than everything on these tables; on all others it may do everything. */
const narrow: Readonly<Record<string, TablePrivileges>> = {
  audit_log: { table: ['INSERT', 'SELECT'] },
  automation_drafts: { table: ['INSERT', 'SELECT'] },
  automation_versions: { table: ['DELETE', 'INSERT', 'SELECT'] },
  deliveries: { table: ['DELETE', 'INSERT', 'SELECT'], updatable: ['dispatched_at', 'run_count'] },
  dispatch_queue: { table: ['INSERT'] },
  erased_organizations: { table: ['SELECT'] },
  events: { table: ['INSERT', 'SELECT'] },
  organizations: { table: ['INSERT', 'SELECT', 'UPDATE'] },
  users: { table: ['INSERT', 'SELECT'], updatable: ['email', 'email_verified_at', 'name', 'password_hash'] },
};

/** What the application's role may do with a table. */
export function privilegesOf(table: string): Required<TablePrivileges> {
  return { updatable: [], ...(narrow[table] ?? { table: all }) };
}
