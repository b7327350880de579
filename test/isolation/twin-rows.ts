import { randomUUID } from 'node:crypto';

/** Ids that the rows of both organizations share. */
export interface TwinIds {
  user: string;
  /** A user who is no member yet. */
  spareUser: string;
  /** A member beside the one of `user`. */
  secondMember: string;
  role: string;
  member: string;
  /** An automation that does not listen. */
  spareAutomation: string;
  /** A department that nobody is in. */
  spareDepartment: string;
  /** A project that nobody is in. */
  spareProject: string;
  shared: Readonly<
    Record<
      'project' | 'task' | 'automation' | 'grant' | 'connection' | 'run' | 'delivery' | 'department',
      string
    >
  >;
}

export type Row = Readonly<Record<string, unknown>>;

interface TableRows {
  /** The row that exists in both organizations. */
  existing(ids: TwinIds): Row;
  /** Columns that make it another row, which may stand beside the first. */
  other(ids: TwinIds): Row;
  /** A change that means nothing; null where the application may not change rows. */
  change: Row | null;
  /** An organization has at most one such row. */
  isSingle?: true;
}

/** Ids of a new pair of twins. */
export function createTwinIds(): TwinIds {
  const make = randomUUID;
  return {
    user: make(),
    spareUser: make(),
    secondMember: make(),
    spareAutomation: make(),
    spareDepartment: make(),
    spareProject: make(),
    role: make(),
    member: make(),
    shared: {
      project: make(),
      task: make(),
      automation: make(),
      grant: make(),
      connection: make(),
      run: make(),
      delivery: make(),
      department: make(),
    },
  };
}

const otherId = () => ({ id: randomUUID() });
const hookKey = 'f'.repeat(64);

/**
 * A row for every table with org_id, in the order in which they can be written. All columns but org_id, with the same
 * ids for whichever organization. A table that is missing here fails the test.
 */
export const twinRows: Readonly<Record<string, TableRows>> = {
  roles: {
    existing: ({ role }) => ({ id: role, key: 'twin', name: 'Twin', permissions: '{*}' }),
    other: () => ({ ...otherId(), key: randomUUID() }),
    change: { name: 'Changed' },
  },
  members: {
    existing: ({ member, user, role }) => ({ id: member, user_id: user, role_id: role }),
    other: ({ spareUser }) => ({ ...otherId(), user_id: spareUser }),
    change: { status: 'deactivated' },
  },
  departments: {
    existing: ({ shared }) => ({ id: shared.department, name: 'Sales' }),
    other: otherId,
    change: { name: 'Changed' },
  },
  department_members: {
    existing: ({ user, shared }) => ({ department_id: shared.department, user_id: user }),
    other: ({ spareDepartment }) => ({ department_id: spareDepartment }),
    change: { is_primary: false },
  },
  invites: {
    existing: ({ user, role }) => ({
      kind: 'mail',
      role_id: role,
      secret_hash: 'h',
      invited_by: user,
      expires_at: '2999-01-01',
    }),
    other: otherId,
    change: { uses: 1 },
  },
  organization_flags: {
    existing: () => ({ name: 'work', is_on: true }),
    other: () => ({ name: 'invite_codes' }),
    change: { is_on: false },
  },
  platform_flags: {
    existing: () => ({ name: 'work', is_on: true }),
    other: () => ({ name: 'invite_codes' }),
    change: { is_on: false },
  },
  support_grants: {
    existing: ({ user, role, shared }) => ({
      id: shared.grant,
      reason: 'A question',
      role_id: role,
      granted_by: user,
      expires_at: '2999-01-01',
    }),
    other: otherId,
    change: { revoked_at: '2026-01-01' },
  },
  support_visits: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      grant_id: shared.grant,
      user_id: user,
      platform_session_id: shared.run,
    }),
    other: otherId,
    change: { ended_at: '2026-01-01' },
  },
  quota_limits: {
    existing: () => ({ name: 'runs', max: 5 }),
    other: () => ({ name: 'mails' }),
    change: null,
  },
  usage_counts: {
    existing: () => ({ name: 'runs', month: '2020-01-01', slot: 0, used: 5 }),
    other: () => ({ name: 'mails' }),
    change: { used: 6 },
  },
  quota_notices: {
    existing: () => ({ name: 'runs', month: '2020-01-01' }),
    other: () => ({ name: 'mails' }),
    change: null,
  },
  organization_domains: {
    existing: () => ({ domain: 'example.com', challenge: 'c' }),
    other: () => ({ ...otherId(), domain: 'example.org' }),
    change: { challenge: 'changed' },
  },
  api_keys: {
    existing: ({ user }) => ({
      name: 'Key',
      prefix: 'wsk',
      hash: 'h',
      scopes: '{tasks:read}',
      user_id: user,
    }),
    other: () => ({ hash: randomUUID() }),
    change: { name: 'Changed' },
  },
  vault_rotations: {
    existing: ({ user, shared }) => ({ id: shared.run, key_id: 'k1', requested_by: user }),
    other: otherId,
    change: { resealed: 1 },
  },
  sessions: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      user_id: user,
      secret_hash: 'h',
      methods: '{password}',
      idle_until: '2999-01-01',
      ends_at: '2999-01-01',
    }),
    other: otherId,
    change: { revoke_reason: 'changed' },
  },
  sign_in_rules: {
    existing: () => ({ idle_minutes: 60, absolute_hours: 24, needs_second_factor: false }),
    other: () => ({ idle_minutes: 61 }),
    change: { idle_minutes: 30 },
    isSingle: true,
  },
  grants: {
    existing: ({ user, shared }) => ({
      id: shared.grant,
      principal_kind: 'automation',
      principal_id: shared.automation,
      on_behalf_of: user,
      scopes: '{tasks:create}',
    }),
    other: otherId,
    change: { scopes: '{*}' },
  },
  agents: {
    existing: ({ user, shared }) => ({
      id: shared.automation,
      name: 'Twin',
      draft: '{}',
      owner_id: user,
      updated_by: user,
    }),
    other: otherId,
    change: { name: 'Changed' },
  },
  agent_access: {
    existing: ({ user, shared }) => ({ agent_id: shared.automation, kind: 'user', subject_id: user }),
    other: () => ({ kind: 'role' }),
    change: { created_at: '2026-01-01' },
  },
  agent_versions: {
    existing: ({ user, shared }) => ({
      agent_id: shared.automation,
      version: 1,
      definition: '{}',
      hash: 'h',
      grant_id: shared.grant,
      published_by: user,
    }),
    other: () => ({ version: 2 }),
    change: null,
  },
  agent_runs: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      agent_id: shared.automation,
      agent_version: 1,
      user_id: user,
      title: 'Twin',
    }),
    other: otherId,
    change: { title: 'Changed' },
  },
  agent_messages: {
    existing: ({ user, shared }) => ({
      run_id: shared.run,
      number: 1,
      role: 'user',
      content: '{"inline":{"text":"Hello"}}',
      user_id: user,
    }),
    other: () => ({ number: 2 }),
    change: { role: 'summary' },
  },
  agent_steps: {
    existing: ({ shared }) => ({ run_id: shared.run, number: 1, kind: 'model' }),
    other: () => ({ number: 2 }),
    change: { cost: 1 },
  },
  agent_memories: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      scope: 'organization',
      text: 'Twin',
      created_by: user,
      updated_by: user,
    }),
    other: otherId,
    change: { text: 'Changed' },
  },
  projects: {
    existing: ({ shared }) => ({ id: shared.project, name: 'Project' }),
    other: otherId,
    change: { name: 'Changed' },
  },
  project_members: {
    existing: ({ user, shared }) => ({ project_id: shared.project, user_id: user }),
    other: ({ spareProject }) => ({ project_id: spareProject }),
    change: { created_at: '2026-01-01' },
  },
  tasks: {
    existing: ({ shared }) => ({ id: shared.task, project_id: shared.project, title: 'Task' }),
    other: otherId,
    change: { title: 'Changed' },
  },
  task_views: {
    existing: ({ user, shared }) => ({ id: shared.task, owner_id: user, name: 'View', settings: '{}' }),
    other: otherId,
    change: { name: 'Changed' },
  },
  connections: {
    existing: ({ shared }) => ({
      id: shared.connection,
      connector: 'slack',
      name: 'Slack',
      config: '{}',
      secret: 'sealed',
      hook_key: hookKey,
    }),
    other: () => ({ ...otherId(), hook_key: randomUUID() }),
    change: { name: 'Changed' },
  },
  automations: {
    existing: ({ user, shared }) => ({
      id: shared.automation,
      name: 'Automation',
      draft: '{}',
      owner_id: user,
      updated_by: user,
      hook_key: hookKey,
    }),
    other: () => ({ ...otherId(), hook_key: randomUUID() }),
    change: { name: 'Changed' },
  },
  automation_versions: {
    existing: ({ user, shared }) => ({
      automation_id: shared.automation,
      version: 1,
      definition: '{}',
      plan: '{}',
      hash: 'h',
      is_light: true,
      grant_id: shared.grant,
      published_by: user,
    }),
    // Those that were published can't be deleted, not even the own ones.
    other: () => ({ version: -1 }),
    change: null,
  },
  variables: {
    existing: ({ user, shared }) => ({ id: shared.run, name: 'limit', value: '5', updated_by: user }),
    other: () => ({ ...otherId(), name: 'other' }),
    change: { value: '6' },
  },
  automation_drafts: {
    existing: ({ user, shared }) => ({
      automation_id: shared.automation,
      number: 1,
      draft: '{}',
      replaced_by: user,
    }),
    other: () => ({ number: 2 }),
    change: null,
  },
  schedules: {
    existing: ({ shared }) => ({ automation_id: shared.automation }),
    other: ({ spareAutomation }) => ({ automation_id: spareAutomation }),
    change: { revision: 2 },
  },
  polls: {
    existing: ({ shared }) => ({ automation_id: shared.automation, watched: 'w', cursor: '{}' }),
    other: ({ spareAutomation }) => ({ automation_id: spareAutomation }),
    change: { cursor: '{"changed": true}' },
  },
  listeners: {
    existing: ({ shared }) => ({
      automation_id: shared.automation,
      version: 1,
      topic: 'delivery:webhook',
      hook_key: hookKey,
    }),
    other: ({ spareAutomation }) => ({ automation_id: spareAutomation }),
    change: { topic: 'event:task.created' },
  },
  runs: {
    existing: ({ shared }) => ({
      id: shared.run,
      automation_id: shared.automation,
      automation_version: 1,
      source_kind: 'delivery',
      source_id: shared.delivery,
      workflow_id: 'w',
    }),
    other: () => ({ ...otherId(), source_id: randomUUID() }),
    change: { status: 'cancelled' },
  },
  run_step_attempts: {
    existing: ({ shared }) => ({
      run_id: shared.run,
      node_id: 'task',
      iteration: '',
      run_attempt: 1,
      attempt: 1,
      status: 'failed',
      started_at: '2026-01-01',
      finished_at: '2026-01-01',
    }),
    other: () => ({ attempt: 2 }),
    change: { status: 'succeeded' },
  },
  run_steps: {
    existing: ({ shared }) => ({ run_id: shared.run, node_id: 'task', status: 'succeeded' }),
    other: () => ({ node_id: 'tell' }),
    change: { status: 'failed' },
  },
  sso_connections: {
    existing: ({ role, shared }) => ({
      id: shared.connection,
      kind: 'oidc',
      name: 'Company',
      issuer: 'https://login.example.com',
      secret: 'sealed',
      scopes: '{}',
      certificates: '{}',
      domains: '{}',
      default_role_id: role,
      role_claim: 'groups',
      role_mapping: '[]',
      creates_members: true,
      updates_roles: false,
      is_enforced: false,
      is_active: true,
    }),
    other: otherId,
    change: { name: 'Changed' },
  },
  sso_identities: {
    existing: ({ user, shared }) => ({ connection_id: shared.connection, subject: 's', user_id: user }),
    other: () => ({ subject: randomUUID() }),
    change: { last_used_at: '2026-01-01' },
  },
  used_assertions: {
    existing: ({ shared }) => ({
      connection_id: shared.connection,
      assertion_id: 'a',
      expires_at: '2999-01-01',
    }),
    other: () => ({ assertion_id: randomUUID() }),
    change: { expires_at: '2998-01-01' },
  },
  scim_tokens: {
    existing: ({ user, shared }) => ({
      id: shared.task,
      name: 'Directory',
      prefix: 'p',
      hash: 'h',
      created_by: user,
    }),
    other: otherId,
    change: { name: 'Changed' },
  },
  scim_users: {
    existing: ({ user }) => ({ user_id: user, user_name: 'twin', external_id: 'e', attributes: '{}' }),
    other: ({ secondMember }) => ({
      user_id: secondMember,
      user_name: randomUUID(),
      external_id: randomUUID(),
    }),
    change: { attributes: '{"changed": true}' },
  },
  scim_groups: {
    existing: ({ shared }) => ({ id: shared.project, display_name: 'Group' }),
    other: () => ({ ...otherId(), display_name: randomUUID() }),
    change: { priority: 2 },
  },
  scim_group_members: {
    existing: ({ user, shared }) => ({ group_id: shared.project, user_id: user }),
    other: ({ secondMember }) => ({ user_id: secondMember }),
    change: { created_at: '2026-01-01' },
  },
  waits: {
    existing: ({ shared }) => ({
      id: shared.run,
      run_id: shared.run,
      node_id: 'ask',
      iteration: '',
      attempt: 1,
      workflow_id: 'w',
      kind: 'approval',
    }),
    other: () => ({ ...otherId(), iteration: '1' }),
    change: { status: 'expired' },
  },
  notifications: {
    existing: ({ user, shared }) => ({
      id: shared.task,
      user_id: user,
      kind: 'task_assigned',
      subject_id: shared.task,
      title: 'Assigned to you: twin',
      path: '/tasks/twin',
      event_id: shared.run,
    }),
    other: () => ({ ...otherId(), subject_id: randomUUID() }),
    change: { count: 2 },
  },
  notification_preferences: {
    existing: ({ user }) => ({ user_id: user, kind: 'task_assigned', in_app: true, by_mail: true }),
    other: () => ({ kind: 'run_failed' }),
    change: { by_mail: false },
  },
  failure_notices: {
    existing: ({ shared }) => ({
      automation_id: shared.automation,
      version: 1,
      run_id: shared.run,
      code: 'conflict',
      failed_at: '2026-01-01',
      told_at: '2026-01-01',
    }),
    other: ({ spareAutomation }) => ({ automation_id: spareAutomation }),
    change: { more: 2 },
  },
  outgoing_mails: {
    existing: ({ shared }) => ({
      id: shared.run,
      recipient: 'a@example.com',
      subject: 'S',
      body: 'sealed',
      dedupe_key: 'k',
    }),
    other: () => ({ ...otherId(), dedupe_key: randomUUID() }),
    change: { subject: 'Changed' },
  },
  deliveries: {
    existing: ({ shared }) => ({
      id: shared.delivery,
      provider: 'webhook',
      external_id: 'd',
      hook_key: hookKey,
      triggers: '{webhook}',
      payload: '{}',
      payload_size: 2,
    }),
    other: () => ({ ...otherId(), external_id: randomUUID() }),
    change: { run_count: 9 },
  },
  stored_objects: {
    existing: () => ({ sha256: 'a'.repeat(64), size: 1, content_type: 'text/plain' }),
    other: () => ({ sha256: 'b'.repeat(64) }),
    change: { size: 2 },
  },
  events: {
    existing: ({ shared }) => ({ id: shared.run, type: 'task.created', payload: '{}' }),
    other: otherId,
    change: null,
  },
  dispatch_queue: {
    existing: ({ shared }) => ({ kind: 'event', source_id: shared.run, available_at: '2999-01-01' }),
    other: () => ({}),
    change: null,
  },
  idempotency_keys: {
    existing: ({ user }) => ({ principal: `user:${user}`, key: 'k', action: 'a.b', input_hash: 'h' }),
    other: () => ({ key: randomUUID() }),
    change: { input_hash: 'changed' },
  },
  data_exports: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      subject: 'person',
      subject_id: user,
      requested_by: user,
    }),
    other: () => ({ ...otherId(), subject_id: randomUUID() }),
    change: { status: 'failed' },
  },
  erasures: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      subject_id: user,
      requested_by: user,
      includes_name: false,
      due_at: '2999-01-01',
    }),
    other: () => ({ ...otherId(), subject_id: randomUUID() }),
    change: { status: 'cancelled' },
  },
  retention_periods: {
    existing: () => ({ kind: 'runs', days: 30 }),
    other: () => ({ kind: 'mails' }),
    change: { days: 31 },
  },
  consents: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      user_id: user,
      purpose: 'newsletter',
      text_version: '1',
      source: 'settings',
      recorded_by: user,
    }),
    other: () => ({ ...otherId(), purpose: 'research' }),
    change: { withdrawn_at: '2026-01-01' },
  },
  audit_log: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      principal_kind: 'user',
      principal_id: user,
      action: 'tasks.create',
    }),
    other: otherId,
    change: null,
  },
  audit_details: {
    existing: ({ shared }) => ({ audit_id: shared.run, salt: 'salt', content: '{}' }),
    other: ({ shared }) => ({ audit_id: shared.task }),
    change: { salt: null, content: null, erased_at: '2026-01-01' },
  },
  security_events: {
    existing: ({ user, shared }) => ({ id: shared.run, kind: 'log_in_failed', user_id: user, bucket: 'b' }),
    // Only what is old may be deleted.
    other: () => ({ ...otherId(), bucket: randomUUID(), created_at: '2020-01-01T00:00:00+00:00' }),
    change: { count: 2 },
  },
  audit_archives: {
    existing: () => ({
      first_position: 1,
      last_position: 1,
      chain_end: 'h',
      sha256: 'a'.repeat(64),
      size: 1,
    }),
    other: () => ({ last_position: 2 }),
    change: null,
  },
  audit_exports: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      requested_by: user,
      format: 'csv',
      filter: '{}',
      expires_at: '2999-01-01',
    }),
    other: otherId,
    change: { entries: 5 },
  },
  audit_chain: {
    existing: ({ shared }) => ({ position: 1, audit_id: shared.run, hash: 'h' }),
    other: ({ shared }) => ({ position: 2, audit_id: shared.task }),
    change: null,
  },
  audit_seals: {
    existing: () => ({
      number: 1,
      first_position: 1,
      last_position: 1,
      chain_end: 'h',
      horizon: '1',
      sealed_at: '2026-01-01',
      previous_hash: 'p',
      hash: 's',
    }),
    other: () => ({ number: 2 }),
    change: null,
  },
  ai_settings: {
    existing: () => ({ content_policy: 'none' }),
    other: () => ({}),
    change: { allows_demo: false },
    isSingle: true,
  },
  ai_models: {
    existing: ({ user }) => ({
      provider: 'openai',
      model: 'twin',
      title: 'Twin',
      context_tokens: 1_000,
      max_output_tokens: 100,
      abilities: '{chat}',
      price: '{}',
      updated_by: user,
    }),
    other: () => ({ model: randomUUID() }),
    change: { title: 'Changed' },
  },
  ai_model_choices: {
    existing: ({ shared }) => ({
      purpose: 'chat',
      rank: 0,
      connection_id: shared.connection,
      model: 'twin',
    }),
    other: () => ({ rank: 1 }),
    change: { model: 'changed' },
  },
  ai_budgets: {
    existing: ({ shared }) => ({
      id: shared.run,
      name: 'Twin',
      scope: 'organization',
      period: 'month',
      limit_minor: 100,
    }),
    other: otherId,
    change: { limit_minor: 1 },
  },
  ai_spending: {
    existing: ({ shared }) => ({
      budget_id: shared.run,
      subject_id: shared.project,
      period_start: '2026-01-01',
    }),
    other: ({ shared }) => ({ subject_id: shared.task }),
    change: { spent: 1 },
  },
  ai_reservations: {
    existing: ({ shared }) => ({
      id: shared.run,
      lane: 'demo',
      amount: 0,
      budget_ids: '{}',
      subject_ids: '{}',
      period_starts: '{}',
      expires_at: '2999-01-01',
    }),
    other: otherId,
    change: { amount: 1 },
  },
  ai_calls: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      principal_kind: 'user',
      principal_id: user,
      user_id: user,
      purpose: 'chat',
      operation: 'complete',
      provider: 'openai',
      model: 'twin',
      parameters: '{}',
      input_tokens: 1,
      cached_input_tokens: 0,
      output_tokens: 1,
      is_estimated: false,
      price: '{}',
      cost: 1,
      latency_ms: 1,
      outcome: 'succeeded',
    }),
    other: otherId,
    change: null,
  },
  ai_daily_usage: {
    existing: ({ user, shared }) => ({
      id: shared.run,
      day: '2026-01-01',
      principal_kind: 'user',
      principal_id: user,
      user_id: user,
      purpose: 'chat',
      provider: 'openai',
      model: 'twin',
      calls: 1,
      failures: 0,
      input_tokens: 1,
      cached_input_tokens: 0,
      output_tokens: 1,
      cost: 1,
    }),
    other: () => ({ ...otherId(), day: '2026-01-02' }),
    change: null,
  },
  ai_closed_usage: {
    existing: () => ({ before: '2026-01-01' }),
    other: () => ({}),
    change: { before: '2026-01-02' },
    isSingle: true,
  },
};

/** What second rows refer to. */
export function spareRows(ids: TwinIds): readonly (readonly [table: string, row: Row])[] {
  const { automations, automation_versions: versions } = twinRows;
  return [
    ['projects', { id: ids.spareProject, name: 'Spare' }],
    ['departments', { id: ids.spareDepartment, name: 'Support' }],
    ['members', { user_id: ids.secondMember, role_id: ids.role }],
    ['automations', { ...automations?.existing(ids), id: ids.spareAutomation, hook_key: randomUUID() }],
    ['automation_versions', { ...versions?.existing(ids), automation_id: ids.spareAutomation }],
  ];
}
