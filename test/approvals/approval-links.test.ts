import assert from 'node:assert/strict';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { auditLog, members, outgoingMails, roles } from '#db/schema/index.js';
import { buildApproval, linkIn } from '../builders/build-approval.js';
import { type BuiltMember, buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { finishedRun, stepOf } from '../builders/watch-runs.js';
import { type ServedSystem, servedSystem, serveSystem } from '../ingress/served-system.js';
import { type TestSystem, workingSystem } from '../system.js';

const Shown = z.object({ status: z.string(), decision: z.string().nullable(), votes: z.array(z.unknown()) });
const fields = [
  { key: 'amount', label: 'Amount <EUR>', kind: 'number', required: true },
  { key: 'urgent', label: 'Urgent', kind: 'boolean' },
  { key: 'account', label: 'Account', kind: 'choice', options: ['A', 'B'] },
  { key: 'note', label: 'Note', kind: 'text' },
];

describe('a link in a mail to an approver', () => {
  let system: TestSystem;
  let served: ServedSystem;
  let organization: BuiltOrganization;
  let manager: BuiltMember;
  before(async () => {
    [system, served] = [await workingSystem(), await servedSystem()];
  });
  beforeEach(async () => {
    organization = await buildOrganization(system.app, { name: 'Acme & Sons' });
    manager = await buildMember(system.app, organization, 'manager');
  });

  const ask = (node: object = {}) =>
    buildApproval(system.app, organization, { approvers: { roles: ['manager'] }, ...node });
  const mailTo = async ({ email }: { email: string }) => {
    const mails = await system.mailbox.received(email);
    return mails.at(-1);
  };
  const linkTo = async (person: { email: string }) => linkIn(await mailTo(person));
  const open = (path: string, method = 'GET') => fetch(`${served.address}${path}`, { method });
  const send = (path: string, given: Record<string, string>, address = served.address) =>
    fetch(`${address}${path}`, { method: 'POST', body: new URLSearchParams(given), redirect: 'manual' });
  const shown = async (id: string) =>
    Shown.parse(await system.app.perform(organization.caller, 'approvals.get', { id }));
  async function assertPage(response: Response, status: number, holds: RegExp): Promise<void> {
    const page = await response.text();
    assert.equal(response.status, status, page);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page, holds);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.match(
      response.headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
    );
  }
  const inOrganization = <Result>(work: Parameters<typeof system.app.services.database.withOrg<Result>>[1]) =>
    system.app.services.database.withOrg(organization.orgId, work);

  it('comes with what is asked, to everyone who may decide, and to nobody else', async () => {
    const outsider = await buildMember(system.app, organization, 'member');
    const gone = await buildMember(system.app, organization, 'manager');
    await inOrganization((db) =>
      db.update(members).set({ status: 'deactivated' }).where(eq(members.userId, gone.userId)),
    );
    await ask({ approvers: { roles: ['manager'], users: [organization.userId] }, fields, timeout: '1d' });
    const [mail] = await system.mailbox.received(manager.email);
    await system.mailbox.received(organization.email);
    assert.equal(mail?.subject, 'Approval needed: Pay <100>?');
    for (const text of [
      'Pay <100>?',
      'To "Ada" & co',
      'Acme & Sons',
      'Amount <EUR>, Urgent',
      'Decide until: 2',
    ]) {
      assert.ok(mail?.text?.includes(text), text);
    }
    assert.match(String(mail?.html), /Pay &lt;100&gt;\?[\s\S]*To &quot;Ada&quot; &amp; co/);
    assert.match(mail?.text ?? '', /\?decision=rejected/);
    for (const { email } of [outsider, gone]) assert.deepEqual(await system.mailbox.mailsTo(email), []);
  });

  it('leads to a page that shows what is asked; opening it decides nothing, however it is opened', async () => {
    const { id } = await ask({ fields });
    const path = await linkTo(manager);
    await assertPage(
      await open(path),
      200,
      /<h1>Pay &lt;100&gt;\?<\/h1>[\s\S]*To &quot;Ada&quot;[\s\S]*Amount &lt;EUR&gt;/,
    );
    await assertPage(await open(`${path}?decision=approved`), 200, /value="approved">Approve/);
    await assertPage(await open(`${path}?decision=rejected`), 200, /value="approved" class="second">Approve/);
    assert.equal((await open(`${path}?decision=approved`, 'HEAD')).status, 200);
    assert.deepEqual(await shown(id), { status: 'open', decision: null, votes: [] });
  });

  it('decides as the person it was mailed to, with what they filled in, and the audit log says how', async () => {
    const { id, runId } = await ask({ fields });
    const path = await linkTo(manager);
    await assertPage(
      await send(path, { decision: 'approved', 'f.amount': 'much' }),
      422,
      /much[\s\S]*|Amount/,
    );
    assert.equal((await shown(id)).status, 'open');
    const sent = await send(path, {
      decision: 'approved',
      comment: 'Fine',
      'f.amount': '12.5',
      'f.urgent': 'on',
      'f.account': 'B',
    });
    assert.deepEqual([sent.status, sent.headers.get('location')], [303, path]);
    await assertPage(await open(path), 200, /This was approved[\s\S]*A manager approved on[\s\S]*Fine/);
    const run = await finishedRun(system.app, organization.caller, runId);
    const { output } = stepOf(run, 'ask');
    assert.ok(output && 'inline' in output);
    const answer = z
      .object({ decision: z.string(), fields: z.unknown(), decidedBy: z.unknown() })
      .parse(output.inline);
    assert.deepEqual(answer, {
      decision: 'approved',
      fields: { amount: 12.5, urgent: true, account: 'B' },
      decidedBy: [manager.userId],
    });
    const [entry] = await inOrganization((db) =>
      db
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.targetId, id), eq(auditLog.action, 'approvals.decide'))),
    );
    assert.deepEqual(
      [entry?.principalKind, entry?.principalId, entry?.via],
      ['user', manager.userId, 'mail_link'],
    );
  });

  it('decides once: used again, it says what was decided', async () => {
    const { id } = await ask();
    const path = await linkTo(manager);
    assert.equal((await send(path, { decision: 'rejected' })).status, 303);
    await assertPage(
      await send(path, { decision: 'approved' }),
      409,
      /This was rejected[\s\S]*A manager rejected/,
    );
    assert.equal((await shown(id)).decision, 'rejected');
  });

  it('decides once when it is sent twice at the same moment', async () => {
    const { id } = await ask();
    const path = await linkTo(manager);
    const both = await Promise.all([
      send(path, { decision: 'approved' }),
      send(path, { decision: 'rejected' }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [303, 409]);
    assert.equal((await shown(id)).votes.length, 1);
  });

  it('counts one of several people, and tells the others what was decided before them', async () => {
    const second = await buildMember(system.app, organization, 'manager');
    const third = await buildMember(system.app, organization, 'manager');
    const { id } = await ask({ approvers: { roles: ['manager'], needed: 2 } });
    const paths = [await linkTo(manager), await linkTo(second), await linkTo(third)] as const;
    assert.equal((await send(paths[0], { decision: 'approved' })).status, 303);
    await assertPage(await open(paths[0]), 200, /1 of the 2 that are needed/);
    assert.equal((await shown(id)).status, 'open');
    assert.equal((await send(paths[1], { decision: 'approved' })).status, 303);
    await assertPage(await send(paths[2], { decision: 'rejected' }), 409, /This was approved/);
    assert.equal((await shown(id)).decision, 'approved');
  });

  it('is refused when its signature is wrong, or it is for something else', async () => {
    const { id } = await ask();
    const path = await linkTo(manager);
    const [head, payload = '', signature] = path.split('.');
    const claims = z.looseObject({}).parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: organization.userId })).toString('base64url');
    const access = await system.app.services.accessTokens.issue(manager.caller);
    for (const wrong of [`${head}.${forged}.${signature}`, '/approvals/nonsense', `/approvals/${access}`]) {
      await assertPage(await open(wrong), 404, /not valid/);
      await assertPage(await send(wrong, { decision: 'approved' }), 404, /not valid/);
    }
    const token = path.slice('/approvals/'.length);
    const asAccess = await fetch(`${served.address}/v1/me`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(asAccess.status, 401);
    assert.equal((await shown(id)).status, 'open');
  });

  it('says so when it has expired', async () => {
    const { id } = await ask();
    const link = { orgId: organization.orgId, userId: manager.userId, approvalId: id };
    const token = await served.app.services.approvalLinks.issue(link, new Date(Date.now() - 1_000));
    await assertPage(await open(`/approvals/${token}`), 410, /expired/);
    await assertPage(await send(`/approvals/${token}`, { decision: 'approved' }), 410, /expired/);
    assert.equal((await shown(id)).status, 'open');
  });

  it('finds nothing in another organization', async () => {
    const { id } = await ask();
    const other = await buildOrganization(system.app);
    const link = { orgId: other.orgId, userId: other.userId, approvalId: id };
    const token = await served.app.services.approvalLinks.issue(link, new Date(Date.now() + 60_000));
    await assertPage(await send(`/approvals/${token}`, { decision: 'approved' }), 404, /not valid/);
    assert.equal((await shown(id)).status, 'open');
  });

  it('is of no use to who has lost the role, or has left', async () => {
    const { id } = await ask();
    const path = await linkTo(manager);
    const member = eq(members.userId, manager.userId);
    await inOrganization(async (db) => {
      const [guest] = await db.select({ id: roles.id }).from(roles).where(eq(roles.key, 'member'));
      await db
        .update(members)
        .set({ roleId: guest?.id ?? '' })
        .where(member);
    });
    await assertPage(await open(path), 403, /not any more/);
    await assertPage(await send(path, { decision: 'approved' }), 403, /not any more/);
    await inOrganization((db) => db.update(members).set({ status: 'deactivated' }).where(member));
    await assertPage(await send(path, { decision: 'approved' }), 403, /not any more/);
    assert.equal((await shown(id)).status, 'open');
  });

  it('says so when the run was cancelled, or time ran out', async () => {
    const { runId } = await ask();
    const path = await linkTo(manager);
    await system.app.perform(organization.caller, 'runs.cancel', { id: runId });
    await finishedRun(system.app, organization.caller, runId);
    await assertPage(await open(path), 410, /withdrawn/);
    await assertPage(await send(path, { decision: 'approved' }), 410, /withdrawn/);
    const late = await ask({ timeout: '1s' });
    await finishedRun(system.app, organization.caller, late.runId);
    const link = { orgId: organization.orgId, userId: manager.userId, approvalId: late.id };
    const token = await served.app.services.approvalLinks.issue(link, new Date(Date.now() + 60_000));
    await assertPage(await send(`/approvals/${token}`, { decision: 'approved' }), 410, /in time/);
  });

  it('takes decisions from one network up to a limit', async () => {
    const { address } = await serveSystem({ limits: { linkDecisionsPerMinute: 2 } });
    await ask({ fields });
    const path = await linkTo(manager);
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await send(path, { decision: 'approved' }, address)).status);
    assert.deepEqual(statuses, [422, 422, 429]);
  });

  it('is not kept once its mail has been sent, nor in any row in the clear', async () => {
    await ask();
    const path = await linkTo(manager);
    const rows = await inOrganization((db) => db.select().from(outgoingMails));
    assert.ok(!JSON.stringify(rows).includes(path.slice(-40)));
  });
});
