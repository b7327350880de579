import assert from 'node:assert/strict';
import { buildOrganization } from '../builders/build-organization.js';
import { startRun } from '../builders/watch-runs.js';
import { buildWebhookAutomation, respond } from '../ingress/webhook-automation.js';
import { type TestSystem, workingSystem } from '../system.js';

describe('the answer of a run', () => {
  let system: TestSystem;
  before(async () => {
    system = await workingSystem();
  });

  it('is not told to another organization, whoever knows the id of the run', async () => {
    const { app } = system;
    const trigger = { input: { response: 'respond' } };
    const other = await buildWebhookAutomation(app, trigger, [respond('answer', { body: 'secret' })]);
    const runId = await startRun(app, other.caller, other.automationId);
    const wait = { runId, timeoutMs: 10_000, signal: new AbortController().signal };
    const answered = await app.waitForRun({ ...wait, orgId: other.orgId });
    assert.equal(answered.kind === 'answered' && answered.body, 'secret');
    const own = await buildOrganization(app);
    assert.deepEqual(await app.waitForRun({ ...wait, orgId: own.orgId, timeoutMs: 100 }), {
      kind: 'unfinished',
    });
  });

  it('is not asked for at an address that is bent to another organization', async () => {
    const { app } = system;
    const other = await buildWebhookAutomation(app, { input: { response: 'respond', path: 'shared' } });
    const own = await buildWebhookAutomation(app, { input: { response: 'respond', path: 'shared' } });
    const key = other.webhookUrl.split('/').at(-1) ?? '';
    await assert.rejects(app.intake.findHook(own.orgId.replaceAll('-', '') + key.slice(32)), {
      code: 'not_found',
    });
  });
});
