import assert from 'node:assert/strict';
import { postMessage } from '../automation/nodes.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { explain, listRuns } from '../builders/limits.js';
import { finishedRun, startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { openOwner } from '../owner.js';
import { openTestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';

describe('the explanation of a run', () => {
  let system: TestSystem;
  let app: TestSystem['app'];
  before(async () => {
    system = await workingSystem();
    ({ app } = system);
  });

  type Caller = Awaited<ReturnType<typeof buildOrganization>>['caller'];

  async function started(caller: Caller, nodes: Parameters<typeof chain>[1]): Promise<string> {
    const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, nodes));
    return startRun(app, caller, id);
  }

  const told = (caller: Caller, id: string, code: string) =>
    eventually(`it is explained by ${code}`, async () => {
      const explanation = await explain(app, caller, id);
      return explanation.code === code ? explanation : undefined;
    });

  it('names who may decide what it waits for', async () => {
    const { caller, userId } = await buildOrganization(app);
    const approvers = { users: [userId], roles: ['manager'] };
    const ask = { id: 'ask', type: 'approval', input: { title: 'May I?' }, approvers, timeout: '1h' };
    const runId = await started(caller, [ask]);
    const { node, users, roles, until, message } = await told(caller, runId, 'approval');
    assert.deepEqual({ node, users, roles }, { node: 'ask', ...approvers });
    assert.ok(typeof until === 'string' && Date.parse(until) > Date.now());
    assert.match(message, /May I\?/);
  });

  it('says until when it waits, or for which event', async () => {
    const { caller } = await buildOrganization(app);
    const pause = await started(caller, [{ id: 'pause', type: 'wait', input: { duration: '1h' } }]);
    const { until } = await told(caller, pause, 'time');
    assert.ok(Math.abs(Date.parse(String(until)) - Date.now() - 3_600_000) < 60_000, String(until));
    const hear = await started(caller, [{ id: 'hear', type: 'wait', input: { event: 'task.created' } }]);
    assert.match((await told(caller, hear, 'event')).message, /task\.created/);
  });

  it('leads to the run that it waits for', async () => {
    const { caller } = await buildOrganization(app);
    const pause = { id: 'pause', type: 'wait', input: { duration: '1h' } };
    const called = await buildAutomation(app, caller, chain({ type: 'manual' }, [pause]));
    const runId = await started(caller, [{ id: 'call', type: 'subflow', automation: called.id }]);
    const { runs } = await told(caller, runId, 'subflow');
    assert.deepEqual(
      runs,
      (await listRuns(app, caller, called.id)).map(({ id }) => id),
    );
  });

  it('tells the error of a step that is tried again', async () => {
    const { caller } = await buildOrganization(app);
    const slack = await openTestSlack();
    const { id } = await buildSlackConnection(app, caller, slack.apiUrl);
    slack.server.failNext(10_000, 'server_error');
    const retry = { attempts: 20, backoff: '10m' };
    const runId = await started(caller, [postMessage('tell', id, 'Hello', { retry })]);
    const { node, attempts, error } = await told(caller, runId, 'retrying');
    slack.server.failNext(0, 'server_error');
    assert.equal(node, 'tell');
    assert.equal(attempts, 1);
    assert.ok(error);
    await app.perform(caller, 'runs.cancel', { id: runId });
  });

  it('says that its steps are at work while a call is out', async () => {
    const { caller } = await buildOrganization(app);
    const slack = await openTestSlack();
    const { id } = await buildSlackConnection(app, caller, slack.apiUrl);
    slack.proxy.hold();
    const runId = await started(caller, [postMessage('tell', id, 'Hello')]);
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    const explanation = await told(caller, runId, 'running');
    slack.proxy.release();
    assert.equal(explanation.message, 'Its steps are at work');
    await finishedRun(app, caller, runId);
  });

  it('names the connection whose credentials have expired', async () => {
    const { caller } = await buildOrganization(app);
    const slack = await openTestSlack();
    const { id } = await buildSlackConnection(app, caller, slack.apiUrl);
    slack.server.failNext(1, { status: 200, body: { ok: false, error: 'token_revoked' } });
    const runId = await started(caller, [postMessage('tell', id, 'Hello')]);
    await finishedRun(app, caller, runId);
    const { connectionId, message } = await told(caller, runId, 'credentials_expired');
    assert.equal(connectionId, id);
    assert.match(message, /"Slack"/);
  });

  it('says how a run has ended, and nothing of a run that is not there', async () => {
    const { caller, userId } = await buildOrganization(app);
    const runId = await started(caller, [{ id: 'note', type: 'set', input: { values: {} } }]);
    await finishedRun(app, caller, runId);
    assert.match((await told(caller, runId, 'ended')).message, /succeeded/);
    await assertRefused(app.perform(caller, 'runs.explain', { id: userId }), 'not_found');
  });

  it('counts a run as stuck that has done nothing for a minute, and no other', async () => {
    const { caller, orgId } = await buildOrganization(app);
    const pause = { id: 'pause', type: 'wait', input: { duration: '1h' } };
    const { id } = await buildAutomation(app, caller, chain({ type: 'manual' }, [pause]));
    const [old, fresh] = [await startRun(app, caller, id), await startRun(app, caller, id)];
    await told(caller, old, 'time');
    await told(caller, fresh, 'time');
    assert.deepEqual(await listRuns(app, caller, id, { stuck: true }), []);
    const owner = openOwner(system.stack);
    await owner`
      UPDATE run_steps SET started_at = started_at - interval '2 minutes' WHERE org_id = ${orgId} AND run_id = ${old}`;
    const ids = async (stuck: boolean) => (await listRuns(app, caller, id, { stuck })).map((run) => run.id);
    assert.deepEqual(await ids(true), [old]);
    assert.deepEqual(await ids(false), [fresh]);
  });
});
