import type { BusyOrganization } from './build-busy-organization.js';

/** What must become of a call that names something of another organization. */
export type Outcome =
  | 'not_found'
  | 'validation'
  | 'forbidden'
  | 'an empty list'
  | 'own rows only'
  | 'nothing'
  | 'a row of its own'
  | 'nothing ended'
  | 'unauthenticated';

export interface ForeignCall {
  /** The input, with the id of the other organization in the field under test. */
  input(other: BusyOrganization, own: BusyOrganization): object;
  outcome: Outcome;
}

const byId = (field: keyof BusyOrganization, more: object = {}): ForeignCall => ({
  input: (other) => ({ id: other[field], ...more }),
  outcome: 'not_found',
});

const allOf = (resource: string, field: keyof BusyOrganization, change: object) => ({
  [`${resource}.get id`]: byId(field),
  [`${resource}.update id`]: byId(field, change),
  [`${resource}.delete id`]: byId(field),
  [`${resource}.restore id`]: byId(field),
});

/** Filters of a list, each with an id of the other organization. */
const fieldsOf = (
  action: string,
  fields: Readonly<Record<string, keyof BusyOrganization>>,
  more: object = {},
): Record<string, ForeignCall> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, id]) => [
      `${action} ${field}`,
      { input: (other) => ({ ...more, [field]: other[id] }), outcome: 'an empty list' },
    ]),
  );

/** A task of a model that is asked over a connection of the other organization. */
const modelOf = (action: string, more: object): Record<string, ForeignCall> => ({
  [`${action} model`]: {
    input: ({ connectionId }) => ({ ...more, model: { connectionId, model: 'm' } }),
    outcome: 'validation',
  },
});

const budget = { name: 'Small', scope: 'organization', period: 'month', limitMinor: 5 };
const agentDraft = { instructions: 'Help.' };
const ssoConnection = { kind: 'oidc', name: 'Other', issuer: 'https://login.example.com', clientId: 'c' };

/** A call for every id that some action takes: `action field`. An action or field that is missing here fails the test. */
export const foreignCalls: Readonly<Record<string, ForeignCall>> = {
  ...allOf('projects', 'projectId', { name: 'Taken' }),
  ...allOf('tasks', 'taskId', { title: 'Taken' }),
  ...allOf('connections', 'connectionId', { name: 'Taken' }),
  ...allOf('sso_connections', 'ssoConnectionId', { name: 'Taken' }),
  'sso_connections.check id': byId('ssoConnectionId'),
  'sso_connections.create defaultRoleId': {
    input: ({ roleId }) => ({ ...ssoConnection, defaultRoleId: roleId }),
    outcome: 'validation',
  },
  'sso_connections.create roleMapping': {
    input: ({ roleId }, own) => ({
      ...ssoConnection,
      defaultRoleId: own.roleId,
      roleMapping: [{ value: 'staff', roleId }],
    }),
    outcome: 'validation',
  },
  'sso_connections.update defaultRoleId': {
    input: ({ roleId }, own) => ({ id: own.ssoConnectionId, defaultRoleId: roleId }),
    outcome: 'validation',
  },
  'sso_connections.update roleMapping': {
    input: ({ roleId }, own) => ({ id: own.ssoConnectionId, roleMapping: [{ value: 'staff', roleId }] }),
    outcome: 'validation',
  },
  'identities.unlink id': byId('identityId'),
  'scim_tokens.rotate id': byId('scimTokenId'),
  'scim_tokens.revoke id': byId('scimTokenId'),
  'scim_groups.map id': byId('scimGroupId', { roleId: null }),
  'scim_groups.map roleId': {
    input: ({ roleId }, own) => ({ id: own.scimGroupId, roleId }),
    outcome: 'validation',
  },
  'scim.get_user id': byId('userId'),
  'scim.replace_user id': byId('userId', { userName: 'taken@example.com' }),
  'scim.patch_user id': byId('userId', { operations: [{ op: 'replace', value: { active: false } }] }),
  'scim.delete_user id': byId('userId'),
  'scim.get_group id': byId('scimGroupId'),
  'scim.replace_group id': byId('scimGroupId', { displayName: 'Taken' }),
  'scim.patch_group id': byId('scimGroupId', { operations: [{ op: 'remove', path: 'members' }] }),
  'scim.delete_group id': byId('scimGroupId'),
  ...modelOf('ai.generate', { prompt: 'Hello' }),
  ...modelOf('ai.extract', { text: 'Hello', schema: { type: 'object' } }),
  ...modelOf('ai.classify', { text: 'Hello', labels: ['a', 'b'] }),
  ...modelOf('ai.sentiment', { text: 'Hello' }),
  ...modelOf('ai.summarize', { text: 'Hello' }),
  ...allOf('agents', 'agentId', { name: 'Taken' }),
  'agents.create id': {
    input: ({ agentId }) => ({ id: agentId, name: 'Same id', draft: agentDraft }),
    outcome: 'a row of its own',
  },
  'agents.create departmentId': {
    input: ({ departmentId }) => ({ name: 'Theirs', draft: agentDraft, departmentId }),
    outcome: 'validation',
  },
  // A draft may name anything; publishing it is refused: test/escalation/agents.test.ts.
  'agents.create draft': {
    input: ({ agentId }) => ({ name: 'Theirs', draft: { ...agentDraft, delegates: [agentId] } }),
    outcome: 'a row of its own',
  },
  'agents.update departmentId': {
    input: ({ departmentId }, { agentId }) => ({ id: agentId, departmentId }),
    outcome: 'validation',
  },
  'agents.update draft': {
    input: ({ agentId }) => ({ id: agentId, draft: { ...agentDraft, delegates: [agentId] } }),
    outcome: 'not_found',
  },
  ...fieldsOf('agents.list', { departmentId: 'departmentId', ownerId: 'userId' }),
  'agents.publish id': byId('agentId'),
  'agents.pause id': byId('agentId'),
  'agents.resume id': byId('agentId'),
  'agents.retire id': byId('agentId'),
  'agents.run id': byId('agentId', { text: 'Hello' }),
  'agents.duplicate id': byId('agentId'),
  'agents.list_versions id': byId('agentId'),
  'agents.get_version id': byId('agentId', { publishedVersion: 1 }),
  'agents.restore_version id': byId('agentId', { publishedVersion: 1 }),
  'agents.diff id': byId('agentId', { from: 1 }),
  'agents.list_access id': byId('agentId'),
  'agents.set_access id': byId('agentId', { isRestricted: false }),
  'agents.set_access users': {
    input: ({ userId }, { agentId }) => ({ id: agentId, isRestricted: true, users: [userId] }),
    outcome: 'validation',
  },
  'agents.set_access roles': {
    input: ({ roleId }, { agentId }) => ({ id: agentId, isRestricted: true, roles: [roleId] }),
    outcome: 'validation',
  },
  ...fieldsOf('agent_runs.list', { agentId: 'agentId', userId: 'userId', parentRunId: 'agentRunId' }),
  'agent_runs.get id': byId('agentRunId'),
  'agent_runs.list_messages id': byId('agentRunId'),
  'agent_runs.list_steps id': byId('agentRunId'),
  'agent_runs.update id': byId('agentRunId', { title: 'Taken' }),
  'agent_runs.delete id': byId('agentRunId'),
  'agent_runs.restore id': byId('agentRunId'),
  'agent_runs.send id': byId('agentRunId', { text: 'Hello' }),
  'agent_runs.answer id': byId('agentRunId', { step: 1, text: 'Yes' }),
  'agent_runs.retry id': byId('agentRunId'),
  'agent_runs.cancel id': byId('agentRunId'),
  'agent_runs.pause id': byId('agentRunId'),
  'agent_runs.resume id': byId('agentRunId'),
  ...allOf('agent_memories', 'agentMemoryId', { text: 'Taken' }),
  'agent_memories.create agentId': {
    input: ({ agentId }) => ({ scope: 'agent', text: 'Theirs', agentId }),
    outcome: 'not_found',
  },
  ...fieldsOf('agent_memories.list', { agentId: 'agentId', runId: 'agentRunId' }),
  ...allOf('automations', 'automationId', { name: 'Taken' }),
  ...allOf('variables', 'variableId', { description: 'Taken' }),
  'variables.create id': {
    input: (other) => ({ id: other.variableId, name: 'same_id', value: 1 }),
    outcome: 'a row of its own',
  },
  'projects.create id': {
    input: (other) => ({ id: other.projectId, name: 'Same id' }),
    outcome: 'a row of its own',
  },
  'projects.add_member id': {
    input: (other, own) => ({ id: other.projectId, userId: own.memberUserId }),
    outcome: 'not_found',
  },
  'projects.add_member userId': {
    input: (other, own) => ({ id: own.projectId, userId: other.memberUserId }),
    outcome: 'validation',
  },
  'projects.remove_member id': {
    input: (other) => ({ id: other.projectId, userId: other.userId }),
    outcome: 'not_found',
  },
  'projects.remove_member userId': {
    input: (other, own) => ({ id: own.projectId, userId: other.userId }),
    outcome: 'not_found',
  },
  'projects.list_members id': byId('projectId'),
  ...allOf('departments', 'departmentId', { name: 'Taken' }),
  'departments.create id': {
    input: (other) => ({ id: other.departmentId, name: 'Same id' }),
    outcome: 'a row of its own',
  },
  'departments.create parentId': {
    input: ({ departmentId }) => ({ name: 'Under theirs', parentId: departmentId }),
    outcome: 'validation',
  },
  'departments.create headId': {
    input: ({ memberUserId }) => ({ name: 'Led by theirs', headId: memberUserId }),
    outcome: 'validation',
  },
  'departments.update parentId': {
    input: (other, own) => ({ id: own.departmentId, parentId: other.departmentId }),
    outcome: 'validation',
  },
  'departments.update headId': {
    input: (other, own) => ({ id: own.departmentId, headId: other.memberUserId }),
    outcome: 'validation',
  },
  'departments.list parentId': {
    input: ({ departmentId }) => ({ parentId: departmentId }),
    outcome: 'an empty list',
  },
  'departments.list headId': {
    input: ({ memberUserId }) => ({ headId: memberUserId }),
    outcome: 'an empty list',
  },
  ...allOf('budgets', 'budgetId', { name: 'Taken' }),
  'budgets.create id': {
    input: (other) => ({ ...budget, id: other.budgetId }),
    outcome: 'a row of its own',
  },
  'budgets.create subjectId': {
    input: ({ memberUserId }) => ({ ...budget, scope: 'user', subjectId: memberUserId }),
    outcome: 'validation',
  },
  'budgets.list subjectId': { input: ({ userId }) => ({ subjectId: userId }), outcome: 'an empty list' },
  'budgets.list_spending budgetId': {
    input: ({ budgetId }) => ({ budgetId }),
    outcome: 'an empty list',
  },
  'budgets.list_spending subjectId': {
    input: ({ orgId }) => ({ subjectId: orgId }),
    outcome: 'an empty list',
  },
  'ai_models.test connectionId': {
    input: ({ connectionId }) => ({ connectionId, model: 'gpt-5' }),
    outcome: 'validation',
  },
  'ai_choices.set models': {
    input: ({ connectionId }) => ({ purpose: 'chat', models: [{ connectionId, model: 'gpt-5' }] }),
    outcome: 'validation',
  },
  'ai_calls.get id': byId('modelCallId'),
  ...fieldsOf('ai_calls.list', {
    userId: 'userId',
    departmentId: 'departmentId',
    agentId: 'modelCallId',
    principalId: 'userId',
    runId: 'runId',
    connectionId: 'connectionId',
  }),
  ...fieldsOf(
    'ai_usage.report',
    {
      userId: 'userId',
      departmentId: 'departmentId',
      agentId: 'modelCallId',
      principalId: 'userId',
      runId: 'runId',
    },
    { from: '2026-01-01', to: '2028-12-31' },
  ),
  'departments.add_member id': {
    input: (other, own) => ({ id: other.departmentId, userId: own.memberUserId }),
    outcome: 'not_found',
  },
  'departments.add_member userId': {
    input: (other, own) => ({ id: own.departmentId, userId: other.memberUserId }),
    outcome: 'validation',
  },
  'departments.remove_member id': {
    input: (other) => ({ id: other.departmentId, userId: other.memberUserId }),
    outcome: 'not_found',
  },
  'departments.remove_member userId': {
    input: (other, own) => ({ id: own.departmentId, userId: other.memberUserId }),
    outcome: 'not_found',
  },
  'members.list departmentId': {
    input: ({ departmentId }) => ({ departmentId }),
    outcome: 'an empty list',
  },
  'members.list managerId': { input: ({ userId }) => ({ managerId: userId }), outcome: 'an empty list' },
  'members.get id': byId('memberId'),
  'members.update id': byId('memberId', { title: 'Taken' }),
  'members.update roleId': {
    input: (other, own) => ({ id: own.memberId, roleId: other.roleId }),
    outcome: 'validation',
  },
  'members.update departmentId': {
    input: (other, own) => ({ id: own.memberId, departmentId: other.departmentId }),
    outcome: 'not_found',
  },
  'members.update managerId': {
    input: (other, own) => ({ id: own.memberId, managerId: other.userId }),
    outcome: 'validation',
  },
  'members.deactivate id': byId('memberId'),
  'members.reactivate id': byId('memberId'),
  'members.remove id': byId('memberId'),
  'organization.transfer_ownership userId': {
    input: ({ memberUserId }) => ({ userId: memberUserId }),
    outcome: 'validation',
  },
  'roles.get id': byId('roleId'),
  'roles.update id': byId('roleId', { name: 'Taken' }),
  'roles.delete id': byId('roleId'),
  'roles.delete replacementId': {
    input: (other, own) => ({ id: own.roleId, replacementId: other.roleId }),
    outcome: 'validation',
  },
  'roles.restore id': byId('roleId'),
  'invites.send roleId': {
    input: ({ roleId }) => ({ email: 'new@example.com', roleId }),
    outcome: 'validation',
  },
  'invites.send departmentId': {
    input: (other, own) => ({
      email: 'new@example.com',
      roleId: own.roleId,
      departmentId: other.departmentId,
    }),
    outcome: 'validation',
  },
  'invites.create_code roleId': { input: ({ roleId }) => ({ roleId }), outcome: 'validation' },
  'invites.create_code departmentId': {
    input: (other, own) => ({ roleId: own.roleId, departmentId: other.departmentId }),
    outcome: 'validation',
  },
  'organization.check_domain id': byId('domainId'),
  'organization.update_domain id': byId('domainId', { joinRoleId: null }),
  'organization.update_domain joinRoleId': {
    input: (other, own) => ({ id: own.domainId, joinRoleId: other.roleId }),
    outcome: 'validation',
  },
  'organization.remove_domain id': byId('domainId'),
  'organizations.join organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId }),
    outcome: 'not_found',
  },
  'invites.resend id': byId('inviteId'),
  'invites.revoke id': byId('inviteId'),
  'permissions.explain object': {
    input: ({ taskId }, { userId }) => ({
      principal: { kind: 'user', id: userId },
      action: 'tasks.get',
      object: { resource: 'tasks', id: taskId },
    }),
    outcome: 'not_found',
  },
  'permissions.explain principal': {
    input: ({ userId }) => ({ principal: { kind: 'user', id: userId }, action: 'tasks.list' }),
    outcome: 'validation',
  },
  'tasks.create id': {
    input: (other, own) => ({ id: other.taskId, projectId: own.projectId, title: 'Same id' }),
    outcome: 'a row of its own',
  },
  'tasks.create projectId': {
    input: (other) => ({ projectId: other.projectId, title: 'Smuggled' }),
    outcome: 'validation',
  },
  'tasks.create assigneeId': {
    input: (other, own) => ({ projectId: own.projectId, title: 'Lent', assigneeId: other.userId }),
    outcome: 'validation',
  },
  'tasks.update assigneeId': {
    input: (other, own) => ({ id: own.taskId, assigneeId: other.userId }),
    outcome: 'validation',
  },
  'tasks.move id': byId('taskId', { status: 'done' }),
  'tasks.move after': {
    input: (other, own) => ({ id: own.taskId, status: 'todo', after: other.taskId }),
    outcome: 'validation',
  },
  'tasks.move before': {
    input: (other, own) => ({ id: own.taskId, status: 'todo', before: other.taskId }),
    outcome: 'validation',
  },
  ...allOf('task_views', 'taskViewId', { name: 'Taken' }),
  'task_views.create id': {
    input: (other) => ({ id: other.taskViewId, name: 'Same id', settings: {} }),
    outcome: 'a row of its own',
  },
  'task_views.create projectId': {
    input: ({ projectId }) => ({ projectId, name: 'Of theirs', settings: {} }),
    outcome: 'validation',
  },
  'task_views.create settings': {
    input: ({ userId }) => ({ name: 'Of nobody here', settings: { filters: { assigneeId: userId } } }),
    outcome: 'validation',
  },
  'task_views.update settings': {
    input: ({ userId }, own) => ({ id: own.taskViewId, settings: { filters: { assigneeId: userId } } }),
    outcome: 'validation',
  },
  'task_views.list projectId': { input: ({ projectId }) => ({ projectId }), outcome: 'an empty list' },
  'tasks.list projectId': { input: ({ projectId }) => ({ projectId }), outcome: 'an empty list' },
  'tasks.list assigneeId': { input: ({ userId }) => ({ assigneeId: userId }), outcome: 'an empty list' },
  'audit.list principalId': { input: ({ userId }) => ({ principalId: userId }), outcome: 'an empty list' },
  'audit.list onBehalfOf': { input: ({ userId }) => ({ onBehalfOf: userId }), outcome: 'an empty list' },
  'audit.list runId': { input: ({ runId }) => ({ runId }), outcome: 'an empty list' },
  'security_events.list userId': { input: ({ userId }) => ({ userId }), outcome: 'an empty list' },
  'compliance.update_settings alertUserIds': {
    input: ({ userId }) => ({ alertUserIds: [userId] }),
    outcome: 'validation',
  },
  'audit.get id': byId('auditId'),
  'audit.get_export id': byId('auditExportId'),
  'audit.export principalId': {
    input: ({ userId }) => ({ format: 'csv', principalId: userId }),
    outcome: 'a row of its own',
  },
  'audit.export onBehalfOf': {
    input: ({ userId }) => ({ format: 'csv', onBehalfOf: userId }),
    outcome: 'a row of its own',
  },
  'audit.export runId': {
    input: ({ runId }) => ({ format: 'csv', runId }),
    outcome: 'a row of its own',
  },
  'audit.erase personId': { input: ({ userId }) => ({ personId: userId }), outcome: 'nothing' },
  'api_keys.revoke id': byId('apiKeyId'),
  'api_keys.update id': byId('apiKeyId', { name: 'Taken' }),
  'api_keys.rotate id': byId('apiKeyId'),
  'sessions.list userId': {
    input: ({ userId }) => ({ userId }),
    outcome: 'an empty list',
  },
  'sessions.revoke id': byId('sessionId'),
  'sessions.revoke_all userId': { input: ({ userId }) => ({ userId }), outcome: 'nothing ended' },
  'identity.switch_organization organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId }),
    outcome: 'unauthenticated',
  },
  // With a passkey that is right it is forbidden: test/sign-in/passkeys.test.ts.
  'identity.log_in_with_passkey organizationId': {
    input: ({ orgId, userId }) => ({
      organizationId: orgId,
      challenge: 'x',
      response: {
        id: 'AA',
        rawId: 'AA',
        type: 'public-key',
        response: {
          clientDataJSON: '',
          authenticatorData: '',
          signature: '',
          userHandle: Buffer.from(userId).toString('base64url'),
        },
      },
    }),
    outcome: 'unauthenticated',
  },
  'connections.list_uses id': {
    input: ({ connectionId }) => ({ id: connectionId }),
    outcome: 'an empty list',
  },
  'connections.test id': byId('connectionId'),
  'passkeys.rename id': byId('passkeyId', { name: 'Taken' }),
  'passkeys.delete id': byId('passkeyId'),
  'deliveries.list automationId': {
    input: ({ automationId }) => ({ automationId }),
    outcome: 'an empty list',
  },
  'deliveries.get id': byId('deliveryId'),
  'deliveries.replay id': byId('deliveryId'),
  'automations.create id': {
    input: (other) => ({ id: other.automationId, name: 'Same id', draft: {} }),
    outcome: 'a row of its own',
  },
  'automations.publish id': byId('automationId'),
  'automations.pause id': byId('automationId'),
  'automations.resume id': byId('automationId'),
  'automations.run id': byId('automationId'),
  'automations.test id': byId('automationId'),
  'automations.test fromRun': {
    input: (other, own) => ({ id: own.automationId, mode: 'step', step: 'pause', fromRun: other.runId }),
    outcome: 'not_found',
  },
  'automations.next_times id': byId('automationId'),
  'automations.sample_trigger id': byId('automationId'),
  'automations.run_subflow id': byId('automationId'),
  'automations.list_versions id': {
    input: ({ automationId }) => ({ id: automationId }),
    outcome: 'an empty list',
  },
  'automations.get_version id': byId('automationId', { publishedVersion: 1 }),
  'automations.restore_version id': byId('automationId', { publishedVersion: 1 }),
  'automations.list_drafts id': {
    input: ({ automationId }) => ({ id: automationId }),
    outcome: 'an empty list',
  },
  'automations.restore_draft id': byId('automationId', { number: 1 }),
  'automations.list_presence id': byId('automationId'),
  'automations.tell_presence id': byId('automationId', { client: 'window-1' }),
  'automations.diff id': byId('automationId', { from: 1 }),
  'automations.duplicate id': byId('automationId'),
  'automations.export id': byId('automationId'),
  'runs.get id': byId('runId'),
  'runs.list id': { input: ({ runId }) => ({ id: runId }), outcome: 'an empty list' },
  'automations.list ownerId': {
    input: ({ userId }) => ({ ownerId: userId }),
    outcome: 'an empty list',
  },
  'automations.list_activity ids': {
    input: ({ automationId }) => ({ ids: [automationId] }),
    outcome: 'an empty list',
  },
  'runs.explain id': byId('runId'),
  'runs.cancel id': byId('runId'),
  'runs.terminate id': byId('runId'),
  'runs.list_steps id': byId('runId'),
  'runs.list_attempts id': byId('runId', { nodeId: 'pause' }),
  'runs.retry id': byId('runId'),
  'runs.rerun id': byId('runId'),
  'runs.retry_failed automationId': {
    input: ({ automationId }) => ({ automationId }),
    outcome: 'not_found',
  },
  'approvals.get id': byId('approvalId'),
  'approvals.review id': byId('approvalId'),
  'approvals.decide id': byId('approvalId', { decision: 'approved' }),
  'approvals.list runId': { input: ({ runId }) => ({ runId }), outcome: 'an empty list' },
  'runs.list automationId': { input: ({ automationId }) => ({ automationId }), outcome: 'an empty list' },
  'runs.list parentRunId': { input: ({ runId }) => ({ parentRunId: runId }), outcome: 'an empty list' },
  'runs.list failedRunId': { input: ({ runId }) => ({ failedRunId: runId }), outcome: 'an empty list' },
  'runs.list sourceId': { input: ({ deliveryId }) => ({ sourceId: deliveryId }), outcome: 'an empty list' },
  'exports.get id': byId('exportId'),
  'exports.download id': byId('exportId'),
  'erasures.get id': byId('erasureId'),
  'erasures.cancel id': byId('erasureId'),
  'erasures.retry id': byId('erasureId'),
  'erasures.create userId': {
    input: ({ userId }) => ({ userId, confirmEmail: 'someone@example.com' }),
    outcome: 'not_found',
  },
  'consents.withdraw id': byId('consentId'),
  'consents.list userId': { input: ({ userId }) => ({ userId }), outcome: 'an empty list' },
  'consents.record userId': {
    input: ({ userId }) => ({ userId, purpose: 'research', textVersion: '1', source: 'paper' }),
    outcome: 'not_found',
  },
  'exports.create userId': {
    input: ({ userId }) => ({ subject: 'person', userId }),
    outcome: 'validation',
  },
  'events.list after': { input: ({ eventId }) => ({ after: eventId }), outcome: 'own rows only' },
  // What members of an organization ask of the platform. What super-users do is in test/platform.
  'tenants.get organizationId': { input: ({ orgId }) => ({ organizationId: orgId }), outcome: 'forbidden' },
  'tenants.set_plan organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId, plan: 'pro' }),
    outcome: 'forbidden',
  },
  'tenants.set_flag organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId, name: 'work', imposed: false }),
    outcome: 'forbidden',
  },
  'tenants.suspend organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId, reason: 'Taken' }),
    outcome: 'forbidden',
  },
  'tenants.resume organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId }),
    outcome: 'forbidden',
  },
  'super_users.remove id': { input: ({ userId }) => ({ id: userId }), outcome: 'forbidden' },
  'platform.list_audit principalId': {
    input: ({ userId }) => ({ principalId: userId }),
    outcome: 'forbidden',
  },
  'support.enter organizationId': {
    input: ({ orgId, supportGrantId }) => ({ organizationId: orgId, grantId: supportGrantId }),
    outcome: 'forbidden',
  },
  'support.enter grantId': {
    input: ({ supportGrantId }, { orgId }) => ({ organizationId: orgId, grantId: supportGrantId }),
    outcome: 'forbidden',
  },
  'support.leave organizationId': {
    input: ({ orgId, supportGrantId }) => ({ organizationId: orgId, id: supportGrantId }),
    outcome: 'forbidden',
  },
  'support.leave id': {
    input: ({ supportGrantId }, { orgId }) => ({ organizationId: orgId, id: supportGrantId }),
    outcome: 'forbidden',
  },
  'support_access.grant roleId': {
    input: ({ roleId }) => ({ reason: 'A question', hours: 1, roleId }),
    outcome: 'validation',
  },
  'support_access.revoke id': byId('supportGrantId'),
  'notifications.mark_read ids': {
    input: ({ notificationId }) => ({ ids: [notificationId] }),
    outcome: 'nothing',
  },
  'identity.log_in organizationId': {
    input: ({ orgId }) => ({ organizationId: orgId }),
    outcome: 'forbidden',
  },
};
