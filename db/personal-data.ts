/** By what a column names a person: their id, `user:<id>`, or their mail address. */
export type PersonKey = 'user' | 'principal' | 'email';

/** What becomes of a person's rows when the person is erased. */
export type RowErasure =
  | { kind: 'delete' }
  /** Columns take the value, a constant or null. The person's id stays, as a pseudonym. */
  | { kind: 'change'; set: Readonly<Record<string, string | null>> }
  | { kind: 'keep'; reason: string };

interface TableFacts {
  /** Columns that no export holds, and why. */
  secret?: Readonly<Record<string, string>>;
  /** Its rows are in no export, and why. */
  notExported?: string;
  /**
   * Rows are not masked, but emptied as a whole: those in which somebody is named, and those that tell of what a person
   * did. `set` is what they take; `until` the column that is null before.
   */
  emptied?: {
    set: Readonly<Record<string, string | null>>;
    until: string;
    /** The rows of a person: this column refers to the id of such a table. */
    via: { column: string; table: string };
  };
  /** Its text is not searched and masked, but left as it is; why that holds nobody's name or address. */
  fixedText?: string;
}

/** A table without rows of persons, and why. Its text may still name people, and is masked. */
export interface ImpersonalTable extends TableFacts {
  none: string;
  /** Columns whose names sound personal, and what they are. */
  impersonal?: Readonly<Record<string, string>>;
}

export interface PersonalTable extends TableFacts {
  /** What it holds of persons. */
  holds: string;
  /** A row is a person's if any of these columns names them. */
  person: Readonly<Record<string, PersonKey>>;
  erasure: RowErasure;
  /** Exports hold the rows, too, in which this column refers to the id of a person's row of another table. */
  belongsTo?: { column: string; table: string };
}

export type TableOfData = ImpersonalTable | PersonalTable;

const remainsWork =
  'It is work of the organization. Who did it stays as a pseudonym, an id that leads to nobody.';
const hookKey = 'Whoever knows it can send in deliveries.';

/**
 * What every table holds of persons, by its name in the database: exports and erasures go by this list. A table that is
 * missing fails the catalogue test. Free text need not be listed: text, JSON and lists of text of every table are masked
 * when a person is erased, but for keys and what is marked as fixed.
 */
export const personalData: Readonly<Record<string, TableOfData>> = {
  ai_budgets: {
    holds: 'How much a person may spend on models.',
    person: { subject_id: 'user' },
    erasure: { kind: 'keep', reason: 'It bounds nobody any more. It holds a pseudonym only.' },
  },
  agent_access: {
    holds: 'Who may use an agent.',
    person: { subject_id: 'user' },
    erasure: { kind: 'delete' },
    fixedText: 'It holds ids only.',
  },
  agent_memories: {
    holds: 'What agents remember of a person.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  agent_messages: {
    holds: 'What a person and an agent said to each other.',
    person: { user_id: 'user' },
    belongsTo: { column: 'run_id', table: 'agent_runs' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  agent_runs: {
    holds: 'What a person had agents do.',
    person: { user_id: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  agent_steps: { none: 'What agents did; whom it names is masked in it.' },
  agent_versions: {
    holds: 'Who published a version of an agent.',
    person: { published_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  agents: {
    holds: 'Whose an agent is, and who changed it last.',
    person: { owner_id: 'user', updated_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  ai_calls: {
    holds: 'What a person had models do, with what is kept of prompts and replies.',
    person: { user_id: 'user', principal_id: 'user' },
    erasure: {
      kind: 'keep',
      reason:
        'It is what the organization has spent. Whom its content names is masked in it, and it ends with its retention.',
    },
  },
  ai_closed_usage: { none: 'Up to where calls are summed up.' },
  ai_daily_usage: {
    holds: 'How much of models a person has used on a day.',
    person: { user_id: 'user', principal_id: 'user' },
    erasure: { kind: 'keep', reason: 'It is what the organization has spent. It holds pseudonyms only.' },
    fixedText: 'It holds names of models and providers only.',
  },
  ai_model_choices: {
    none: 'Settings of the organization.',
    fixedText: 'It holds names of models only.',
  },
  ai_models: {
    holds: 'Who entered a model.',
    person: { updated_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  ai_reservations: {
    none: 'Sums that are held back for calls under way, for minutes.',
    fixedText: 'It holds ids only.',
  },
  ai_settings: {
    holds: 'Who has stopped all agents.',
    person: { agents_stopped_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
    fixedText: 'It holds the name of a policy only.',
  },
  ai_spending: {
    holds: 'How much of a budget a person has used.',
    person: { subject_id: 'user' },
    erasure: { kind: 'keep', reason: 'It is what the organization has spent. It holds pseudonyms only.' },
  },
  api_keys: {
    holds: 'Keys that people made, with the names that they gave them.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { hash: 'Proves a key.', previous_hash: 'Proved a key.' },
  },
  audit_archives: { none: 'Where archived entries are.', fixedText: 'It holds hashes only.' },
  audit_chain: { none: 'Hashes of entries.', fixedText: 'It holds hashes only.' },
  audit_details: {
    none: 'It belongs to entries of the log, by which it is known whose it is.',
    // The log has a hash of it: a part can't be masked, the whole can be taken away.
    emptied: {
      set: { salt: null, content: null, erased_at: 'now' },
      until: 'erased_at',
      via: { column: 'audit_id', table: 'audit_log' },
    },
    fixedText: 'It is emptied as a whole.',
  },
  audit_exports: {
    holds: 'Who had the audit log written into files. The files themselves are masked.',
    person: { requested_by: 'user' },
    erasure: { kind: 'keep', reason: 'What left the organization can be shown. It holds pseudonyms only.' },
  },
  audit_log: {
    holds: 'Who did what, by ids only.',
    person: { principal_id: 'user', on_behalf_of: 'user' },
    erasure: { kind: 'keep', reason: 'Evidence of what was done. It holds pseudonyms only.' },
    fixedText: 'It holds ids and names of actions, and nobody may change it.',
  },
  automation_drafts: {
    holds: 'Who replaced a draft.',
    person: { replaced_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  automation_versions: {
    holds: 'Who published a version.',
    person: { published_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  automations: {
    holds: 'Whose automation it is, and who changed it last.',
    person: { owner_id: 'user', updated_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
    secret: { hook_key: hookKey },
  },
  connections: {
    none: 'Settings of apps belong to the organization.',
    impersonal: { name: 'What the organization calls the connection.' },
    secret: { secret: 'Credentials, sealed by the vault.', hook_key: hookKey },
  },
  consents: {
    holds: 'What a person agreed to.',
    person: { user_id: 'user' },
    erasure: {
      kind: 'keep',
      reason:
        'That somebody had agreed must be shown afterwards, too (GDPR Art. 7 (1)). It holds pseudonyms only.',
    },
  },
  data_exports: {
    holds: 'Exports that people asked for. The archives themselves are deleted at any erasure.',
    person: { subject_id: 'user', requested_by: 'user' },
    erasure: { kind: 'keep', reason: 'What left the organization can be shown. It holds pseudonyms only.' },
  },
  deliveries: {
    none: 'What came in belongs to no member; whom its payload names is masked in it.',
    secret: { hook_key: hookKey },
  },
  dispatch_queue: {
    none: 'Holds ids of other rows, until they were looked at.',
    fixedText: 'It holds kinds and ids only.',
    notExported: 'It is bookkeeping of the engine and may not be read.',
  },
  erasures: {
    holds: 'That a person was erased.',
    person: { subject_id: 'user', requested_by: 'user' },
    erasure: { kind: 'keep', reason: 'It is the proof, and tells whom to erase again after a restore.' },
    fixedText: 'It holds a salted hash and numbers; what is searched for is sealed.',
    secret: { marks: 'Sealed by the vault.', email_hash: 'With it, an address could be guessed.' },
  },
  events: { none: 'What happened belongs to no member; whom its payload names is masked in it.' },
  failure_notices: { none: 'Counts failures of automations.' },
  grants: {
    holds: 'On whose behalf automations act.',
    person: { on_behalf_of: 'user' },
    erasure: { kind: 'change', set: { revoked_at: 'now' } },
  },
  idempotency_keys: {
    holds: "Results of a person's own calls.",
    person: { principal: 'principal' },
    erasure: { kind: 'delete' },
  },
  listeners: { none: 'What automations listen to.', secret: { hook_key: hookKey } },
  members: {
    holds: 'Who belongs to the organization, in which role.',
    person: { user_id: 'user' },
    // The row stays, for others refer to it; name and address can't be seen through it any more.
    erasure: { kind: 'change', set: { status: 'erased', title: '' } },
  },
  notification_preferences: {
    holds: 'How a person wants to be told of things.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    fixedText: 'It holds names of kinds only.',
  },
  notifications: {
    holds: 'What a person was told of in the app.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  outgoing_mails: {
    holds: 'Mails to a person.',
    person: { recipient: 'email' },
    erasure: { kind: 'delete' },
    secret: { body: 'It may hold links that decide something.' },
  },
  polls: { none: 'How far apps were asked for news.' },
  projects: {
    none: 'Projects belong to the organization.',
    impersonal: { name: 'The name of a project.' },
  },
  retention_periods: { none: 'Settings of the organization.' },
  roles: { none: 'Roles belong to the organization.', impersonal: { name: 'The name of a role.' } },
  run_step_attempts: {
    none: 'Attempts of steps belong to no member; whom their errors name is masked in them.',
  },
  run_steps: { none: 'Steps belong to no member; whom their data names is masked in it.' },
  runs: { none: 'Runs belong to no member; whom their data names is masked in it.' },
  schedules: { none: 'What the engine knows of schedules.' },
  security_events: {
    holds: 'From where a person signed in or failed to, and what was changed in their rights.',
    person: { user_id: 'user', principal_id: 'user' },
    // That it happened stays, as in the log.
    erasure: { kind: 'change', set: { ip: null, user_agent: null } },
  },
  sessions: {
    holds: 'Where and when a person signed in.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { secret_hash: 'Proves a session.', previous_hash: 'Proved a session.' },
  },
  audit_seals: { none: 'Hashes of stretches of the log.', fixedText: 'It holds hashes only.' },
  sign_in_rules: { none: 'Settings of the organization.' },
  stored_objects: { none: 'Files belong to the organization; whom their content names is masked in it.' },
  task_views: {
    holds: 'Which tasks a person wants to see, and under which name they kept that.',
    person: { owner_id: 'user' },
    erasure: { kind: 'delete' },
  },
  tasks: {
    holds: 'Whose task it is.',
    person: { assignee_id: 'user' },
    erasure: { kind: 'change', set: { assignee_id: null } },
  },
  variables: {
    holds: 'Who changed a variable last.',
    person: { updated_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },
  waits: { none: 'What runs wait for; whom a decision names is masked in it.' },
  department_members: {
    holds: 'Who belongs to which department.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  departments: {
    holds: 'Who leads a department.',
    person: { head_id: 'user' },
    erasure: { kind: 'change', set: { head_id: null } },
  },
  invites: {
    holds: 'Whom somebody has invited.',
    person: { email: 'email', invited_by: 'user' },
    erasure: { kind: 'delete' },
    secret: { secret_hash: 'Proves an invite.' },
  },
  organization_domains: { none: 'Domains of the company.' },
  organization_flags: {
    none: 'What the organization has switched.',
    impersonal: { name: 'The name of a switch.' },
    fixedText: 'It holds names of switches only.',
  },
  quota_limits: {
    none: 'What was agreed on with the operator.',
    impersonal: { name: 'The name of a quota.' },
    fixedText: 'It holds names of quotas only.',
  },
  quota_notices: {
    none: 'Of which quotas owners were told.',
    impersonal: { name: 'The name of a quota.' },
    fixedText: 'It holds names of quotas only.',
  },
  usage_counts: {
    none: 'How much the organization has used.',
    impersonal: { name: 'The name of a quota.' },
    fixedText: 'It holds names of quotas only.',
  },
  project_members: {
    holds: 'Who belongs to which project.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  scim_group_members: {
    holds: 'Who belongs to which group of the identity provider.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  scim_groups: {
    none: 'Groups of the identity provider.',
    impersonal: { display_name: 'The name of a group.' },
  },
  scim_tokens: {
    holds: 'Who made a token for the identity provider.',
    person: { created_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
    secret: { hash: 'Proves a token.' },
  },
  scim_users: {
    holds: 'What the identity provider says of a person.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  sso_connections: {
    none: 'Settings of the identity provider.',
    impersonal: { name: 'What the organization calls the provider.' },
    secret: { secret: 'Credentials, sealed by the vault.' },
  },
  sso_identities: {
    holds: 'Whom a subject of the identity provider is here.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  used_assertions: {
    none: 'Ids of messages that count once.',
    fixedText: 'It holds ids that the identity provider has made.',
  },
  vault_rotations: {
    holds: 'Who had secrets sealed anew.',
    person: { requested_by: 'user' },
    erasure: { kind: 'keep', reason: remainsWork },
  },

  platform_flags: {
    none: 'What the platform has said of modules and features.',
    impersonal: { name: 'The name of a switch.' },
    fixedText: 'It holds names of switches only.',
  },
  support_grants: {
    holds: 'Who let support in.',
    person: { granted_by: 'user', revoked_by: 'user' },
    erasure: { kind: 'keep', reason: 'Who was let in can be shown. It holds pseudonyms only.' },
  },
  support_visits: {
    holds: 'Which of the platform’s people came in.',
    person: { user_id: 'user' },
    erasure: { kind: 'keep', reason: 'Who was let in can be shown. It holds pseudonyms only.' },
  },

  organizations: { none: 'The organization itself.', impersonal: { name: 'The name of the organization.' } },
  erased_organizations: {
    none: 'Ids of organizations that are gone.',
    notExported: 'It is of the deployment and not of an organization.',
  },
  public_calls: {
    none: 'Results of calls before signing in, by hashes that name nobody, for a day.',
    notExported: 'It is of the deployment and not of an organization.',
    secret: { result: 'Sealed by the vault.' },
  },
  sign_in_states: {
    none: 'Ways to an identity provider that are under way; each is gone after ten minutes.',
    impersonal: {
      linking_user_id: 'The id of whoever is on the way.',
      proven_user_id: 'The id of whoever is on the way.',
    },
    secret: { state_hash: 'Proves a way.', browser_hash: 'Proves a browser.' },
    notExported: 'It is of the deployment and not of an organization.',
  },
  user_identities: {
    holds: "A person's accounts at Google, Microsoft and GitHub.",
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  email_tokens: {
    holds: 'Links that were mailed to a person.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { hash: 'Proves a link.' },
  },
  known_devices: {
    holds: 'Browsers from which a person signed in.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { hash: 'Proves a browser.' },
  },
  log_ins: {
    holds: 'From where a person signed in, or tried to.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  passkeys: {
    holds: "A person's passkeys.",
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  recovery_codes: {
    holds: 'Codes for one who has lost the second factor.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { hash: 'Proves a code.' },
  },
  sign_in_challenges: {
    holds: 'What a person was asked for on the way in.',
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
  },
  throttles: {
    none: 'Counts failures by hashes that name nobody.',
    notExported: 'It is of the deployment and not of an organization.',
  },
  totp_secrets: {
    holds: "A person's authenticator app.",
    person: { user_id: 'user' },
    erasure: { kind: 'delete' },
    secret: { secret: 'Sealed for the person.' },
  },
  super_users: {
    holds: 'Who runs the platform.',
    person: { user_id: 'user', added_by: 'user' },
    erasure: { kind: 'keep', reason: 'They belong to the platform, whatever the organization.' },
    notExported: 'It is of the deployment and not of an organization.',
  },
  users: {
    holds: 'Name, mail address and password of a person.',
    person: { id: 'user' },
    // By erase_account, when no organization holds the person any more.
    erasure: { kind: 'change', set: { email: 'erased', name: 'erased', password_hash: 'erased' } },
    secret: { password_hash: 'Proves a password.' },
  },
};

/** True for a table with rows of persons. */
export function isPersonal(table: TableOfData): table is PersonalTable {
  return 'person' in table;
}
