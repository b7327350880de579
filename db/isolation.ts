import type postgres from 'postgres';
import { platformOrgId } from '#core/platform.js';

/** The organization of the transaction; null, and so nothing, without withOrg. */
const currentOrg = "nullif(current_setting('app.org_id', true), '')::uuid";
/** The call without a credential that the transaction is about. */
const currentCall = "nullif(current_setting('app.public_call', true), '')";
/** The user of the transaction, where one acts before an organization is chosen. */
const currentUser = "nullif(current_setting('app.user_id', true), '')::uuid";

/** SHA-256 of the state that the transaction has been given. */
const currentState = "nullif(current_setting('app.sign_in_state', true), '')";
/** A table of what belongs to a person, whatever the organization: visible in a transaction of that person. */
function ofPerson(table: string, reason: string) {
  const own = `user_id = ${currentUser}`;
  return {
    reason,
    policies: [`CREATE POLICY own ON ${table} TO worksynapse_app USING (${own}) WITH CHECK (${own})`],
  };
}

/** Tables without org_id, and why that is right. The catalogue test fails for any other. */
export const tablesWithoutOrg: Readonly<Record<string, { reason: string; policies: readonly string[] }>> = {
  organizations: {
    reason: 'It is the tenant: isolated by its own id.',
    policies: [
      `CREATE POLICY tenant ON organizations TO worksynapse_app USING (id = ${currentOrg}) WITH CHECK (id = ${currentOrg})`,
    ],
  },
  erased_organizations: {
    reason: 'What stays of an organization that is no more; its own id is all that it holds.',
    policies: [
      `CREATE POLICY tombstone ON erased_organizations FOR SELECT TO worksynapse_app USING (id = ${currentOrg})`,
    ],
  },
  sign_in_states: {
    reason:
      'Made before organization and person are known; visible to whoever has the state, and to all when expired.',
    policies: [
      `CREATE POLICY state ON sign_in_states TO worksynapse_app USING (state_hash = ${currentState} OR expires_at < now()) WITH CHECK (state_hash = ${currentState})`,
    ],
  },
  user_identities: {
    reason: 'Belongs to a person, in whichever organization they are.',
    policies: [
      `CREATE POLICY own ON user_identities TO worksynapse_app USING (user_id = ${currentUser}) WITH CHECK (user_id = ${currentUser})`,
    ],
  },
  users: {
    reason: 'A person may belong to several organizations; visible to co-members and to themselves.',
    policies: [
      `CREATE POLICY co_members ON users FOR SELECT TO worksynapse_app USING (id = ${currentUser} OR EXISTS (SELECT FROM members m WHERE m.user_id = users.id AND m.org_id = ${currentOrg} AND m.status <> 'erased'))`,
      'CREATE POLICY sign_up ON users FOR INSERT TO worksynapse_app WITH CHECK (true)',
      `CREATE POLICY self ON users FOR UPDATE TO worksynapse_app USING (id = ${currentUser}) WITH CHECK (id = ${currentUser})`,
    ],
  },
  public_calls: {
    reason: 'Whoever signs up has no organization yet. A row can be found only by who knows network and key.',
    policies: [
      `CREATE POLICY own_call ON public_calls TO worksynapse_app USING (slot = ${currentCall}) WITH CHECK (slot = ${currentCall})`,
      // What is to be cleared away may be seen and deleted, and is of no use: it is sealed.
      `CREATE POLICY over ON public_calls TO worksynapse_app USING (created_at < now() - interval '1 day') WITH CHECK (false)`,
    ],
  },
  super_users: {
    reason: 'People who run the platform, apart from organizations: visible there, and each to themselves.',
    policies: [
      `CREATE POLICY platform ON super_users TO worksynapse_app USING (${currentOrg} = '${platformOrgId}') WITH CHECK (${currentOrg} = '${platformOrgId}')`,
      `CREATE POLICY own ON super_users FOR SELECT TO worksynapse_app USING (user_id = ${currentUser})`,
    ],
  },
  known_devices: ofPerson('known_devices', 'A browser is known for a person, wherever they sign in.'),
  log_ins: ofPerson('log_ins', 'A person tries to sign in before an organization is known.'),
  email_tokens: ofPerson('email_tokens', "An address is a person's, in all of their organizations."),
  totp_secrets: ofPerson('totp_secrets', 'A second factor is of a person, for all of their organizations.'),
  recovery_codes: ofPerson('recovery_codes', 'They stand in for a second factor.'),
  passkeys: ofPerson('passkeys', 'A passkey is of a person, for all of their organizations.'),
  sign_in_challenges: ofPerson('sign_in_challenges', 'A person is asked for more before they are let in.'),
  throttles: {
    reason: 'Failures are counted before anybody is known, by hashes that name nobody.',
    policies: ['CREATE POLICY counted ON throttles TO worksynapse_app USING (true) WITH CHECK (true)'],
  },
};

/** What the application's role may do, where it is not select, insert, update and delete. */
const privileges: Readonly<Record<string, string>> = {
  // When a row was written, and by which transaction, is for the server to say.
  audit_log:
    'SELECT, INSERT (org_id, id, principal_kind, principal_id, on_behalf_of, session_id, action, target_id, request_id, run_id, via, details_hash)',
  audit_details: 'SELECT, INSERT, UPDATE (salt, content, erased_at)',
  audit_chain: 'SELECT, INSERT',
  audit_seals: 'SELECT, INSERT',
  audit_archives: 'SELECT, INSERT',
  security_events: 'SELECT, INSERT, DELETE, UPDATE (count, last_at, ip, user_agent)',
  events: 'SELECT, INSERT',
  automation_versions: 'SELECT, INSERT, DELETE',
  agent_versions: 'SELECT, INSERT',
  ai_calls: 'SELECT, INSERT',
  ai_daily_usage: 'SELECT, INSERT',
  automation_drafts: 'SELECT, INSERT',
  dispatch_queue: 'INSERT',
  deliveries: 'SELECT, INSERT, DELETE, UPDATE (dispatched_at, run_count)',
  users: 'SELECT, INSERT, UPDATE (name, email, email_verified_at, password_hash)',
  // What somebody agreed to stays; it can only be withdrawn.
  consents: 'SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by)',
  organizations: 'SELECT, INSERT, UPDATE',
  // What is agreed on with the operator.
  quota_limits: 'SELECT',
  usage_counts: 'SELECT, INSERT, UPDATE (used)',
  quota_notices: 'SELECT, INSERT',
  erased_organizations: 'SELECT',
  super_users: 'SELECT, INSERT, DELETE',
  // Who was let in, when and why, stays; it only ends.
  support_grants: 'SELECT, INSERT, UPDATE (revoked_at, revoked_by)',
  support_visits: 'SELECT, INSERT, UPDATE (ended_at)',
};

/** Functions that look across organizations, or past the policies in one; see 0002_roles.sql for what each reveals. */
const functions = [
  'claim_dispatch(integer, uuid)',
  'find_log_in(citext)',
  'end_sessions(uuid, text, uuid)',
  'erase_account(uuid)',
  'erase_marks(text, text, jsonb, integer, boolean)',
  'erase_rows(uuid, integer)',
  'find_invite(text[])',
  'find_joinable()',
  'is_platform_session(uuid, uuid)',
  'list_organizations(uuid, integer)',
  'list_tenants(text, uuid, integer)',
  'list_unsealed(xid8)',
  'platform_health()',
  'remove_archived_audit(integer)',
  'find_sso_connections(citext)',
  'find_user_identity(text, text)',
  'forget_ai_calls(integer, integer)',
  'forget_log_ins(integer)',
];

/** Policies that narrow what the tenant's own policy allows. */
const narrowing: Readonly<Record<string, string>> = {
  // What happened of late stays, whoever asks for it to go.
  security_events:
    "CREATE POLICY late_stay ON security_events AS RESTRICTIVE FOR DELETE TO worksynapse_app USING (created_at < now() - interval '30 days')",
  // What was published stays for good; only what was made to test a draft goes again.
  automation_versions:
    'CREATE POLICY published_stay ON automation_versions AS RESTRICTIVE FOR DELETE TO worksynapse_app USING (version < 0)',
};

/**
 * Runs as the owner after every migration. Walks the catalogue: every table gets row-level security enabled and
 * forced; every table with org_id one policy that shows and takes rows of the current organization only; the
 * application's role gets the least privileges. Throws for a table that has neither org_id nor a reason.
 */
export async function isolateTenants(owner: postgres.Sql): Promise<void> {
  const tables = await owner<{ name: string; hasOrgId: boolean }[]>`
    SELECT c.relname AS name, EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) AS "hasOrgId"
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;
  await owner.begin(async (transaction) => {
    await transaction.unsafe('GRANT USAGE ON SCHEMA public TO worksynapse_app');
    await transaction.unsafe(`GRANT EXECUTE ON FUNCTION ${functions.join(', ')} TO worksynapse_app`);
    for (const { name, hasOrgId } of tables) {
      const policies = hasOrgId ? [tenantPolicy(name)] : tablesWithoutOrg[name]?.policies;
      if (!policies)
        throw new Error(`Table ${name} has no org_id and no place on the list in db/isolation.ts`);
      await isolateTable(transaction, name, policies);
      if (hasOrgId) {
        await allowErasingPeople(transaction, name);
        await allowErasingOrganizations(transaction, name);
      }
    }
    // Membership is how a person finds their organizations before one is chosen.
    await transaction.unsafe(
      `CREATE POLICY own_memberships ON members FOR SELECT TO worksynapse_app USING (user_id = ${currentUser})`,
    );
  });
}

async function isolateTable(transaction: postgres.TransactionSql, name: string, policies: readonly string[]) {
  await transaction.unsafe(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  await transaction.unsafe(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
  const existing = await transaction<{ policyname: string }[]>`
    SELECT policyname FROM pg_policies
    WHERE schemaname = 'public' AND tablename = ${name} AND 'worksynapse_app' = ANY (roles)`;
  for (const { policyname } of existing) await transaction.unsafe(`DROP POLICY ${policyname} ON ${name}`);
  for (const policy of policies) await transaction.unsafe(policy);
  if (narrowing[name]) await transaction.unsafe(narrowing[name]);
  await transaction.unsafe(`REVOKE ALL ON ${name} FROM worksynapse_app`);
  await transaction.unsafe(
    `GRANT ${privileges[name] ?? 'SELECT, INSERT, UPDATE, DELETE'} ON ${name} TO worksynapse_app`,
  );
}

/** Names and addresses of an erased person are masked in the rows of one organization, by a function and nothing else. */
async function allowErasingPeople(transaction: postgres.TransactionSql, name: string): Promise<void> {
  await transaction.unsafe(`DROP POLICY IF EXISTS erase ON ${name}`);
  await transaction.unsafe(
    `CREATE POLICY erase ON ${name} TO worksynapse_system USING (org_id = ${currentOrg}) WITH CHECK (org_id = ${currentOrg})`,
  );
  await transaction.unsafe(`GRANT SELECT, UPDATE ON ${name} TO worksynapse_system`);
}

/** The function that erases organizations reaches rows of those only whose days of grace are over. */
async function allowErasingOrganizations(transaction: postgres.TransactionSql, name: string): Promise<void> {
  await transaction.unsafe(`DROP POLICY IF EXISTS system_erase ON ${name}`);
  await transaction.unsafe(
    `CREATE POLICY system_erase ON ${name} TO worksynapse_system USING (EXISTS (SELECT FROM organizations o WHERE o.id = ${name}.org_id AND o.erase_at <= now()))`,
  );
  await transaction.unsafe(`GRANT SELECT, DELETE ON ${name} TO worksynapse_system`);
}

function tenantPolicy(table: string): string {
  return `CREATE POLICY tenant ON ${table} TO worksynapse_app USING (org_id = ${currentOrg}) WITH CHECK (org_id = ${currentOrg})`;
}
