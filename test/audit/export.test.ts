import assert from 'node:assert/strict';
import { z } from 'zod';
import { archiveAudit } from '#runtime/audit/archive/archive-audit.js';
import { expireExports } from '#runtime/audit/export/expire-exports.js';
import { exportPart } from '#runtime/audit/export/export-part.js';
import { keepAudit } from '#runtime/audit/keep-audit.js';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { eventually } from '../eventually.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { type AuditSystem, auditSystem } from './audit-system.js';

const Export = z.object({
  id: z.string(),
  status: z.string(),
  entries: z.int(),
  parts: z.array(z.object({ sha256: z.string(), size: z.int() })),
});
const Problem = z.object({ code: z.string() });

describe('an export of the audit log', () => {
  let served: ServedSystem;
  let organization: BuiltOrganization;
  before(async () => {
    served = await servedSystem();
  });
  beforeEach(async () => {
    organization = await buildOrganization(served.app);
  });

  const perform = (action: string, input: object) =>
    served.app.perform(organization.caller, action, input, {
      origin: { ip: '203.0.113.9', network: '203.0.113.9', userAgent: '=cmd' },
    });
  const get = async (id: string) => Export.parse(await perform('audit.get_export', { id }));
  async function finished(input: object) {
    const { id } = Export.parse(await perform('audit.export', input));
    return eventually('the export is done', async () => {
      const found = await get(id);
      return found.status === 'done' ? found : undefined;
    });
  }
  const download = (path: string, accessToken = organization.accessToken) =>
    fetch(`${served.address}/v1/audit/${path}/file`, { headers: { authorization: `Bearer ${accessToken}` } });

  it('is a file of CSV that a spreadsheet can open without harm', async () => {
    await perform('projects.create', { name: '=HYPERLINK("http://evil.example")' });
    const { id, entries } = await finished({ format: 'csv' });
    assert.equal(entries, 2);
    const response = await download(`exports/${id}`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="audit-.*\.csv"$/);
    const [header, first, second] = (await response.text()).split('\r\n');
    assert.match(header ?? '', /^id,at,principalKind,.*,before,after$/);
    assert.match(first ?? '', /,identity\.sign_up,/);
    assert.match(second ?? '', /,203\.0\.113\.9,'=cmd,/);
    assert.match(second ?? '', /HYPERLINK/);
  });

  it('is JSON lines with what a filter leaves', async () => {
    await buildProject(served.app, organization.caller);
    const { id, entries } = await finished({ format: 'jsonl', action: 'projects.*' });
    assert.equal(entries, 1);
    const lines = (await (await download(`exports/${id}`)).text()).trim().split('\n');
    const entry = z
      .object({ action: z.string(), after: z.looseObject({}) })
      .parse(JSON.parse(lines[0] ?? ''));
    assert.deepEqual([entry.action, entry.after.name, lines.length], ['projects.create', 'Website', 1]);
  });

  it('is itself in the audit log and among the security events', async () => {
    const { id } = await finished({ format: 'csv' });
    const Found = z.object({ items: z.array(z.looseObject({})) });
    const audited = Found.parse(await perform('audit.list', { action: 'audit.export', targetId: id }));
    assert.equal(audited.items.length, 1);
    const told = Found.parse(await perform('security_events.list', { kind: 'export' }));
    assert.deepEqual(told.items[0]?.details, { of: 'audit log', exportId: id, format: 'csv' });
  });

  it('shows from where a request came that was sent over HTTP', async () => {
    const headers = {
      authorization: `Bearer ${organization.accessToken}`,
      'content-type': 'application/json',
      'user-agent': 'Browser/7',
      'x-request-id': 'request-7',
    };
    const body = JSON.stringify({ name: 'By HTTP' });
    await fetch(`${served.address}/v1/projects`, { method: 'POST', headers, body });
    const { id } = await finished({ format: 'jsonl', action: 'projects.create' });
    const text = await (await download(`exports/${id}`)).text();
    const entry = z.looseObject({}).parse(JSON.parse(text));
    assert.match(String(entry.ip), /127\.0\.0\.1$/);
    assert.deepEqual([entry.userAgent, entry.requestId], ['Browser/7', 'request-7']);
  });

  it('can be had by who may export, now, and by nobody of another organization', async () => {
    const { id } = await finished({ format: 'csv' });
    const manager = await buildMember(served.app, organization, 'manager');
    await assertRefused(served.app.perform(manager.caller, 'audit.export', { format: 'csv' }), 'forbidden');
    const token = await served.app.services.accessTokens.issue(manager.caller);
    assert.equal((await download(`exports/${id}`, token)).status, 403);
    const other = await buildOrganization(served.app);
    assert.equal((await download(`exports/${id}`, other.accessToken)).status, 404);
    assert.equal((await download('exports/not-an-id')).status, 422);
    assert.equal((await fetch(`${served.address}/v1/audit/exports/${id}/file`)).status, 401);
  });

  it('ends after seven days: its file is gone', async () => {
    const { id, parts } = await finished({ format: 'csv' });
    const { services } = served.app;
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    assert.equal(await expireExports(services, organization.orgId, inDays(6.9)), 0);
    assert.equal(await expireExports(services, organization.orgId, inDays(7.1)), 1);
    assert.equal((await get(id)).status, 'expired');
    assert.equal((await download(`exports/${id}`)).status, 404);
    const [part] = parts;
    await assertRefused(services.files(organization.orgId).get(part?.sha256 ?? ''), 'not_found');
  });

  it('is refused where five are under way already', async () => {
    const { app } = await auditSystem();
    const other = await buildOrganization(app);
    // No worker is there to write them.
    for (let made = 0; made < 5; made += 1)
      await app.perform(other.caller, 'audit.export', { format: 'csv' });
    await assertRefused(app.perform(other.caller, 'audit.export', { format: 'csv' }), 'limit_exceeded');
  });
});

describe('an export of the audit log, part by part', () => {
  let system: AuditSystem;
  before(async () => {
    system = await auditSystem();
  });

  it('has every entry once, though it is written in parts and some of them twice at once', async () => {
    const { orgId, userId, caller } = await buildOrganization(system.app);
    await system.owner`INSERT INTO audit_log (org_id, principal_kind, principal_id, action)
      SELECT ${orgId}, 'user', ${userId}, 'made.' || n FROM generate_series(1, 5200) n`;
    const { id } = Export.parse(await system.app.perform(caller, 'audit.export', { format: 'jsonl' }));
    const write = () => exportPart(system.app.services, orgId, id);
    await Promise.all([write(), write()]);
    assert.deepEqual(await write(), { hasMore: false });
    const { status, entries, parts } = Export.parse(
      await system.app.perform(caller, 'audit.get_export', { id }),
    );
    assert.deepEqual([status, entries, parts.length], ['done', 5_201, 2]);
    const files = system.app.services.files(orgId);
    const texts = await Promise.all(
      parts.map(async ({ sha256 }) => Buffer.from(await files.get(sha256)).toString()),
    );
    const ids = texts
      .join('')
      .trim()
      .split('\n')
      .map((line) => z.object({ id: z.string() }).parse(JSON.parse(line)).id);
    assert.equal(new Set(ids).size, 5_201);
  });

  it('is written by the schedule where its workflow never began', async () => {
    const { orgId, caller } = await buildOrganization(system.app);
    const { id } = Export.parse(await system.app.perform(caller, 'audit.export', { format: 'csv' }));
    const keepAll = async (now: Date) => {
      let after: string | null = null;
      do after = await keepAudit(system.app.services, after, { now, onBatch: () => {} });
      while (after !== null);
    };
    await keepAll(new Date());
    const statusOf = async () =>
      Export.parse(await system.app.perform(caller, 'audit.get_export', { id })).status;
    assert.equal(await statusOf(), 'running');
    await keepAll(new Date(Date.now() + 700_000));
    assert.equal(await statusOf(), 'done');
    assert.ok(orgId);
  });
});

describe('the file of an archive', () => {
  it('can be had by who may export', async () => {
    const { app, address } = await servedSystem();
    const { orgId, accessToken } = await buildOrganization(app);
    await sealAudit(app.services, orgId, new Date(Date.now() - 450 * 86_400_000));
    await archiveAudit(app.services, orgId, { now: new Date(), onBatch: () => {} });
    const get = (position: number) =>
      fetch(`${address}/v1/audit/archives/${position}/file`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
    const response = await get(1);
    assert.equal(response.headers.get('content-type'), 'application/gzip');
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer()).slice(0, 2)], [0x1f, 0x8b]);
    const missing = await get(2);
    assert.equal(Problem.parse(await missing.json()).code, 'not_found');
  });
});
