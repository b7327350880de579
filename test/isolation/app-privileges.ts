export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

const all: readonly Privilege[] = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];

interface TablePrivileges {
  table: readonly Privilege[];
  /** Columns that may be updated where the whole row may not. */
  updatable?: readonly string[];
  /** Columns that may be given where a row may not be written as a whole. */
  insertable?: readonly string[];
}

/** The application's role may do less than everything on these tables; on all others it may do everything. */
const narrow: Readonly<Record<string, TablePrivileges>> = {
  agent_versions: { table: ['INSERT', 'SELECT'] },
  ai_calls: { table: ['INSERT', 'SELECT'] },
  ai_daily_usage: { table: ['INSERT', 'SELECT'] },
  audit_archives: { table: ['INSERT', 'SELECT'] },
  audit_chain: { table: ['INSERT', 'SELECT'] },
  audit_details: { table: ['INSERT', 'SELECT'], updatable: ['content', 'erased_at', 'salt'] },
  // Not when it was written, nor by which transaction: those the server says.
  audit_log: {
    table: ['SELECT'],
    insertable: [
      'action',
      'details_hash',
      'id',
      'on_behalf_of',
      'org_id',
      'principal_id',
      'principal_kind',
      'request_id',
      'run_id',
      'session_id',
      'target_id',
      'via',
    ],
  },
  audit_seals: { table: ['INSERT', 'SELECT'] },
  automation_drafts: { table: ['INSERT', 'SELECT'] },
  automation_versions: { table: ['DELETE', 'INSERT', 'SELECT'] },
  consents: { table: ['INSERT', 'SELECT'], updatable: ['withdrawn_at', 'withdrawn_by'] },
  deliveries: { table: ['DELETE', 'INSERT', 'SELECT'], updatable: ['dispatched_at', 'run_count'] },
  dispatch_queue: { table: ['INSERT'] },
  erased_organizations: { table: ['SELECT'] },
  events: { table: ['INSERT', 'SELECT'] },
  organizations: { table: ['INSERT', 'SELECT', 'UPDATE'] },
  quota_limits: { table: ['SELECT'] },
  quota_notices: { table: ['INSERT', 'SELECT'] },
  security_events: {
    table: ['DELETE', 'INSERT', 'SELECT'],
    updatable: ['count', 'ip', 'last_at', 'user_agent'],
  },
  super_users: { table: ['DELETE', 'INSERT', 'SELECT'] },
  support_grants: { table: ['INSERT', 'SELECT'], updatable: ['revoked_at', 'revoked_by'] },
  support_visits: { table: ['INSERT', 'SELECT'], updatable: ['ended_at'] },
  usage_counts: { table: ['INSERT', 'SELECT'], updatable: ['used'] },
  users: { table: ['INSERT', 'SELECT'], updatable: ['email', 'email_verified_at', 'name', 'password_hash'] },
};

/** What the application's role may do with a table. */
export function privilegesOf(table: string): Required<TablePrivileges> {
  return { updatable: [], insertable: [], ...(narrow[table] ?? { table: all }) };
}
