import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { App } from '#app.js';
import { outgoingMails, passkeys, userIdentities } from '#db/schema/index.js';
import { buildAutomation, hookKeyOf } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { buildModelCall } from '../builders/build-model-call.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildRole, memberOf } from '../builders/build-role.js';
import { buildSsoConnection } from '../builders/build-sso-connection.js';
import { buildTask } from '../builders/build-task.js';
import { deliver } from '../builders/deliver.js';
import { runThat, startedRuns, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';

export type BusyOrganization = Awaited<ReturnType<typeof buildBusyOrganization>>;

const Id = z.object({ id: z.uuid() });
const Approvals = z.object({ items: z.array(Id) });
const Export = z.object({ status: z.string() });
const AuditStatus = z.object({ unsealed: z.object({ count: z.int() }) });
const AuditPage = z.object({ items: z.array(Id) });
const Events = z.object({ items: z.array(Id) });
const Notifications = z.object({ items: z.array(Id) });

/** An organization with one of everything that an id can be asked for. Needs a worker; its runs wait for an hour. */
export async function buildBusyOrganization(app: App) {
  const { orgId, userId, caller } = await buildOrganization(app);
  const task = await buildTask(app, caller);
  const view = Id.parse(await app.perform(caller, 'task_views.create', { name: 'Mine', settings: {} }));
  const connection = await buildSlackConnection(app, caller, 'http://127.0.0.1:9/api/');
  const automation = await buildAutomation(app, caller, {
    name: 'Wait',
    trigger: { type: 'webhook' },
    nodes: [{ id: 'pause', type: 'wait', input: { duration: '1h' } }],
    edges: [{ source: 'trigger', target: 'pause' }],
  });
  const deliveryId = await deliver(app, { orgId, webhookUrl: automation.webhookUrl });
  const runId = await startRun(app, caller, automation.id);
  const asking = await buildAutomation(app, caller, {
    name: 'Ask',
    trigger: { type: 'manual' },
    nodes: [{ id: 'ask', type: 'approval', input: { title: 'May I?' }, approvers: { users: [userId] } }],
    edges: [{ source: 'trigger', target: 'ask' }],
  });
  await startRun(app, caller, asking.id);
  const supportGrant = Id.parse(
    await app.perform(caller, 'support_access.grant', { reason: 'A question', hours: 1 }),
  );
  const approvalId = await eventually('an approval is asked for', async () => {
    const [first] = Approvals.parse(await app.perform(caller, 'approvals.list', {})).items;
    return first?.id;
  });
  await eventually('its people have been told, so that its rows stay as they are', async () => {
    const mails = await app.services.database.withOrg(orgId, (transaction) =>
      transaction.select({ sentAt: outgoingMails.sentAt }).from(outgoingMails),
    );
    return mails.length > 0 && mails.every(({ sentAt }) => sentAt !== null) ? true : undefined;
  });
  const notificationId = await eventually('its person is told in the app', async () => {
    const [first] = Notifications.parse(await app.perform(caller, 'notifications.list', {})).items;
    return first?.id;
  });
  for (const id of await startedRuns(app, caller, automation.id, 2)) {
    await runThat(app, caller, id, 'the run waits', ({ status }) => status === 'waiting');
  }
  const key = Id.parse(await app.perform(caller, 'api_keys.create', { name: 'Key', scopes: ['tasks:read'] }));
  const variable = Id.parse(await app.perform(caller, 'variables.create', { name: 'limit', value: 5 }));
  const department = Id.parse(await app.perform(caller, 'departments.create', { name: 'Sales' }));
  const person = await buildMember(app, { orgId }, 'member');
  await app.perform(caller, 'departments.add_member', { id: department.id, userId: person.userId });
  const member = await memberOf(app, caller, person.userId);
  const role = await buildRole(app, caller, ['tasks:read']);
  const invite = Id.parse(await app.perform(caller, 'invites.create_code', { roleId: role.id }));
  const domain = Id.parse(
    await app.perform(caller, 'organization.add_domain', { domain: 'company.example' }),
  );
  const sso = await buildSsoConnection(
    app,
    { orgId, caller },
    {
      issuer: 'https://login.example.com',
      clientId: 'c',
    },
  );
  const token = Id.parse(await app.perform(caller, 'scim_tokens.create', { name: 'Directory' }));
  const members = [{ value: userId }];
  const group = Id.parse(await app.perform(caller, 'scim.create_group', { displayName: 'Staff', members }));
  const [identity] = await app.services.database.withUser(userId, (transaction) =>
    transaction
      .insert(userIdentities)
      .values({ provider: 'github', subject: userId, userId, email: 'a@example.com' })
      .returning({ id: userIdentities.id }),
  );
  const dataExport = Id.parse(await app.perform(caller, 'exports.create', { subject: 'person' }));
  await eventually('the export is there, so that its row stays as it is', async () => {
    const { status } = Export.parse(await app.perform(caller, 'exports.get', dataExport));
    return status === 'finished' ? true : undefined;
  });
  const leaving = await buildMember(app, { orgId }, 'guest');
  const confirmation = { userId: leaving.userId, confirmEmail: leaving.email };
  const erasure = Id.parse(await app.perform(caller, 'erasures.create', confirmation));
  const agreed = { purpose: 'research', textVersion: '1', source: 'settings' };
  const consent = Id.parse(await app.perform(caller, 'consents.record', agreed));
  const events = Events.parse(await app.perform(caller, 'events.list', {}));
  const [passkey] = await app.services.database.withUser(userId, (transaction) =>
    transaction
      .insert(passkeys)
      .values({
        userId,
        name: 'Passkey',
        credentialId: randomUUID(),
        publicKey: Buffer.from('key'),
        counter: 0,
        transports: [],
        isBackedUp: false,
      })
      .returning({ id: passkeys.id }),
  );
  const yearly = { name: 'All', scope: 'organization', period: 'total', limitMinor: 1_000 };
  const budget = Id.parse(await app.perform(caller, 'budgets.create', yearly));
  const modelCallId = await buildModelCall(app, { orgId, userId }, { runId, departmentId: department.id });
  const agent = Id.parse(
    await app.perform(caller, 'agents.create', { name: 'Robin', draft: { instructions: 'Help.' } }),
  );
  await app.perform(caller, 'agents.publish', agent);
  const agentRun = Id.parse(await app.perform(caller, 'agents.run', { ...agent, text: 'Hello' }));
  await eventually(
    'the agent has stopped for want of a model, so that its rows stay as they are',
    async () => {
      const { status } = Export.parse(await app.perform(caller, 'agent_runs.get', agentRun));
      return status === 'failed' ? true : undefined;
    },
  );
  const memory = Id.parse(
    await app.perform(caller, 'agent_memories.create', { scope: 'user', text: 'Likes tea' }),
  );
  const auditExported = Id.parse(await app.perform(caller, 'audit.export', { format: 'csv' }));
  await eventually('the export is done', async () => {
    const { status } = Export.parse(await app.perform(caller, 'audit.get_export', auditExported));
    return status === 'done' ? true : undefined;
  });
  const audited = await eventually('the audit log is sealed, so that its rows stay as they are', async () => {
    const { unsealed } = AuditStatus.parse(await app.perform(caller, 'audit.status', {}));
    if (unsealed.count > 0) return undefined;
    return AuditPage.parse(await app.perform(caller, 'audit.list', {})).items[0]?.id;
  });
  return {
    auditId: audited,
    auditExportId: auditExported.id,
    orgId,
    userId,
    sessionId: caller.sessionId,
    caller,
    projectId: task.projectId,
    taskId: task.id,
    taskViewId: view.id,
    connectionId: connection.id,
    connectionHookKey: hookKeyOf(connection.hookUrl ?? ''),
    automationId: automation.id,
    automationHookKey: hookKeyOf(automation.webhookUrl),
    deliveryId,
    runId,
    approvalId,
    notificationId,
    passkeyId: passkey?.id ?? '',
    apiKeyId: key.id,
    variableId: variable.id,
    departmentId: department.id,
    budgetId: budget.id,
    modelCallId,
    agentId: agent.id,
    agentRunId: agentRun.id,
    agentMemoryId: memory.id,
    memberId: member.id,
    memberUserId: person.userId,
    roleId: role.id,
    inviteId: invite.id,
    domainId: domain.id,
    ssoConnectionId: sso.id,
    identityId: identity?.id ?? '',
    scimTokenId: token.id,
    scimGroupId: group.id,
    supportGrantId: supportGrant.id,
    exportId: dataExport.id,
    consentId: consent.id,
    erasureId: erasure.id,
    eventId: events.items.at(-1)?.id ?? '',
  };
}
