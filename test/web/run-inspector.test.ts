import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { buildApproval } from '../builders/build-approval.js';
import { buildAutomation, chain, getRun } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { type SignInSystem, signInSystem } from '../sign-in/sign-in-system.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { logIn, type Visit, visit } from './browser.js';

const note = { id: 'note', type: 'set', input: { values: { word: 'kept' } } };

describe('runs in the web app', () => {
  let system: SignInSystem;
  let slack: TestSlack;
  let acme: BuiltOrganization;
  let visitor: Visit;
  before(async () => {
    system = await signInSystem();
    slack = await openTestSlack();
    acme = await buildOrganization(system.app);
  });
  beforeEach(async () => {
    visitor = await visit(system.address);
    await logIn(visitor.page, acme);
  });
  afterEach(async () => {
    visitor.assertQuiet(/status of (404|409|422)/);
    await visitor.close();
  });

  const ended = (runId: string, status: string) =>
    eventually(`the run has ${status}`, async () => {
      const run = await getRun(system.app, acme.caller, runId);
      return run.status === status ? run : undefined;
    });

  it('a failing step is found, and retried from there once its cause is mended', async () => {
    const { page } = visitor;
    const { id: connection } = await buildSlackConnection(system.app, acme.caller, slack.apiUrl);
    const secret = { token: 'xoxb-of-another-workspace' };
    await system.app.perform(acme.caller, 'connections.update', { id: connection, secret });
    const tell = {
      id: 'tell',
      type: 'action',
      action: 'slack.post_message',
      connection,
      input: { channel: '#general', text: '{{ steps.note.output.word }}' },
    };
    const { id } = await buildAutomation(system.app, acme.caller, chain({ type: 'manual' }, [note, tell]));
    const runId = await startRun(system.app, acme.caller, id);
    await ended(runId, 'failed');

    await page.goto('/runs?status=failed');
    await page
      .getByRole('row', { name: /Failed/ })
      .first()
      .click();
    await page.getByRole('region', { name: 'Why it failed' }).getByText('no longer accepted').waitFor();
    await page.getByRole('region', { name: 'Details' }).getByText('credentials_expired').waitFor();
    await page.getByRole('link', { name: 'Renew the credentials' }).click();
    await page.getByRole('button', { name: 'Give new credentials' }).click();
    await page.getByLabel('Token', { exact: true }).fill('xoxb-4711-secret-token');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The connection was changed').waitFor();

    await page.goto(`/runs/${runId}`);
    await page.getByRole('button', { name: 'Retry from tell' }).click();
    await page.getByRole('status').getByText('Succeeded').waitFor();
    const run = await getRun(system.app, acme.caller, runId);
    assert.equal(run.steps.find(({ nodeId }) => nodeId === 'note')?.attempts, 1);
    assert.equal(slack.server.messages.at(-1)?.text, 'kept');
  });

  it('a run that waits says so and for whom, and is approved in place', async () => {
    const { page } = visitor;
    const { runId } = await buildApproval(system.app, acme, {
      input: { title: 'Pay 100?' },
      approvers: { roles: ['owner'] },
      fields: [{ key: 'reason', label: 'Reason', kind: 'text', required: true }],
    });
    await page.goto(`/runs/${runId}`);
    await page.getByRole('status').getByText('Waiting').waitFor();
    await page.getByRole('region', { name: 'Why it waits' }).getByText('owner').waitFor();
    const form = page.getByRole('form', { name: 'Decide: Pay 100?' });
    await form.getByRole('button', { name: 'Approve' }).click();
    await form.getByRole('alert').getByText('is required', { exact: false }).waitFor();
    await form.getByLabel('Reason *').fill('It is due');
    await form.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').getByText('Succeeded').waitFor();
    const run = await getRun(system.app, acme.caller, runId);
    assert.deepEqual(
      run.steps.filter(({ status }) => status === 'succeeded').map(({ nodeId }) => nodeId),
      ['ask', 'yes'],
    );
  });

  it('an approval is rejected in the inbox by the keyboard, and stands among those decided', async () => {
    const { page } = visitor;
    await buildApproval(system.app, acme, {
      input: { title: 'Hire Ada?' },
      approvers: { users: [acme.userId] },
    });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { name: 'Hire Ada?' }).waitFor();
    await page.getByRole('option', { name: 'Hire Ada?' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Comment').fill('Not this year');
    await page.getByRole('button', { name: 'Reject' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nothing to decide' }).waitFor();
    await page.getByRole('button', { name: 'Decided' }).click();
    await page.getByText('“Not this year”').waitFor();
  });

  it('a run is cancelled once that is confirmed, and run again with other input', async () => {
    const { page } = visitor;
    const wait = { id: 'pause', type: 'wait', input: { duration: '1h' } };
    const { id } = await buildAutomation(system.app, acme.caller, chain({ type: 'manual' }, [wait]));
    const runId = await startRun(system.app, acme.caller, id);
    await page.goto(`/runs/${runId}`);
    await page.getByRole('status').getByText('Waiting').waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('status').getByText('Cancelled').waitFor();
    await page.getByRole('button', { name: 'More to do with this run' }).click();
    await page.getByRole('menuitem', { name: 'Run again with other input' }).click();
    await page.getByRole('textbox', { name: 'Input' }).fill('{"order": 7');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Must be a JSON object').waitFor();
    await page.getByRole('textbox', { name: 'Input' }).fill('{"order": 7}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== `/runs/${runId}`);
    await page.getByRole('option', { name: /trigger/ }).click();
    await page.getByRole('region', { name: 'Details' }).getByText('order:').waitFor();
  });

  it('each attempt of a step is told with its error, and the way it ended', async () => {
    const { page } = visitor;
    const { id: connection } = await buildSlackConnection(system.app, acme.caller, slack.apiUrl);
    const tell = {
      id: 'tell',
      type: 'action',
      action: 'slack.post_message',
      connection,
      input: { channel: '#general', text: 'Hi' },
      retry: { attempts: 3, backoff: '100ms', maxBackoff: '100ms' },
    };
    const { id } = await buildAutomation(system.app, acme.caller, chain({ type: 'manual' }, [tell]));
    slack.server.failNext(1, { status: 503, body: {} });
    const runId = await startRun(system.app, acme.caller, id);
    await ended(runId, 'succeeded');
    await page.goto(`/runs/${runId}?step=tell`);
    const attempts = page.getByRole('region', { name: 'Attempts' }).getByRole('listitem');
    await attempts.nth(1).getByText('Succeeded').waitFor();
    await attempts.nth(0).getByText('Failed').waitFor();
    await attempts.nth(0).getByText('provider_unavailable').waitFor();
    assert.equal(await attempts.count(), 2);
  });

  it('a loop of ten thousand passes stays usable', async () => {
    const { page } = visitor;
    const each = { id: 'each', type: 'loop', input: { items: '{{ [1, 2] }}' } };
    const draft = {
      name: 'Long',
      trigger: { type: 'manual' },
      nodes: [each, note],
      edges: [
        { source: 'trigger', target: 'each' },
        { source: 'each', sourceHandle: 'body', target: 'note' },
      ],
    };
    const { id } = await buildAutomation(system.app, acme.caller, draft);
    const runId = await startRun(system.app, acme.caller, id);
    await ended(runId, 'succeeded');
    // As a long loop leaves them.
    await system.app.services.database.withOrg(acme.orgId, (transaction) =>
      transaction.execute(sql`
        INSERT INTO run_steps (org_id, run_id, node_id, iteration, status, started_at, finished_at)
        SELECT org_id, run_id, node_id, number::text, status, started_at, finished_at
        FROM run_steps, generate_series(2, 9999) number WHERE run_id = ${runId} AND iteration = '1'`),
    );
    await page.goto(`/runs/${runId}?step=note`);
    const passes = page.getByRole('listbox', { name: 'Passes' });
    await passes.getByRole('option').first().waitFor();
    const last = passes.getByRole('option', { name: /Pass 10000 / });
    const box = await passes.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 60, box.y + 60);
    while ((await last.count()) === 0) {
      await page.mouse.wheel(0, 20_000);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    assert.ok((await passes.getByRole('option').count()) < 60, 'only passes in sight are on the page');
    await last.click();
    await page.getByRole('heading', { name: 'Pass 10000, note' }).waitFor();
    assert.match(page.url(), /pass=9999/);
  }).timeout(120_000);

  it('passes of a loop are listed as they come into sight', async () => {
    const { page } = visitor;
    const definition = {
      name: 'Loop',
      trigger: { type: 'manual' },
      nodes: [
        { id: 'all', type: 'loop', input: { items: '{{ trigger.items }}' } },
        { id: 'note', type: 'set', input: { values: { twice: '{{ item * 2 }}' } } },
      ],
      edges: [
        { source: 'trigger', target: 'all' },
        { source: 'all', sourceHandle: 'body', target: 'note' },
      ],
    };
    const { id } = await buildAutomation(system.app, acme.caller, definition);
    const items = Array.from({ length: 450 }, (_, index) => index);
    const runId = await startRun(system.app, acme.caller, id, { items });
    await ended(runId, 'succeeded');
    await page.goto(`/runs/${runId}?step=note`);
    const passes = page.getByRole('listbox', { name: 'Passes' });
    await passes.getByRole('option', { name: /^Pass 1 note/ }).waitFor();
    assert.ok((await passes.getByRole('option').count()) < 60, 'only those in sight are on the page');
    const scroller = passes.locator('..');
    const last = passes.getByRole('option', { name: /^Pass 450 note/ });
    await eventually('the last pass is reached', async () => {
      await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return (await last.count()) > 0 ? true : undefined;
    });
    await last.click();
    await page.getByRole('list', { name: 'Output' }).getByText('898').waitFor();
  });

  it('an automation is switched off in the list, and on again by undoing that', async () => {
    const { page } = visitor;
    const definition = { ...chain({ type: 'manual' }, [note]), name: 'Nightly' };
    const { id } = await buildAutomation(system.app, acme.caller, definition);
    const runId = await startRun(system.app, acme.caller, id);
    await ended(runId, 'succeeded');
    await page.goto('/automations?q=test');
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('switch') })
      .first();
    await row.getByText('100 %').waitFor();
    await row.getByRole('switch').click();
    await row.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('Active').waitFor();
    await row.getByRole('checkbox').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('is deleted').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('is back').waitFor();
  });

  it('a guest sees none of it, and a member may look but not switch', async () => {
    const guest = await visit(system.address);
    await logIn(guest.page, await buildMember(system.app, acme, 'guest'));
    await guest.page.getByRole('link', { name: 'Projects' }).waitFor();
    assert.equal(await guest.page.getByRole('link', { name: 'Runs' }).count(), 0);
    await guest.page.goto('/runs');
    await guest.page.getByRole('heading', { name: 'You may not see this' }).first().waitFor();
    guest.assertQuiet();
    await guest.close();

    const member = await visit(system.address);
    await logIn(member.page, await buildMember(system.app, acme, 'member'));
    await member.page.goto('/automations');
    await member.page.getByRole('switch').first().waitFor();
    assert.equal(await member.page.getByRole('switch').first().isDisabled(), true);
    assert.equal(await member.page.getByRole('button', { name: 'New automation' }).count(), 0);
    member.assertQuiet();
    await member.close();
  });
});
