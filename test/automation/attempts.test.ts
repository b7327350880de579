import assert from 'node:assert/strict';
import { z } from 'zod';
import { buildAutomation } from '../builders/build-automation.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, startRun } from '../builders/watch-runs.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, postMessage, type TestNode } from './nodes.js';

const Attempts = z.object({
  items: z.array(
    z.object({
      runAttempt: z.int(),
      attempt: z.int(),
      status: z.string(),
      error: z.object({ code: z.string() }).nullable(),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime(),
    }),
  ),
});
const retry = { attempts: 5, backoff: '100ms', maxBackoff: '100ms' };

describe('the attempts of a step', () => {
  let system: TestSystem;
  let slack: TestSlack;
  let acme: BuiltOrganization;
  let connection: string;
  before(async () => {
    [system, slack] = await Promise.all([workingSystem(), openTestSlack()]);
    acme = await buildOrganization(system.app);
    connection = (await buildSlackConnection(system.app, acme.caller, slack.apiUrl)).id;
  });
  afterEach(() => slack.server.failNext(0, 'server_error'));

  async function run(node: TestNode): Promise<string> {
    const draft = manual([node], `trigger > ${node.id}`);
    const { id } = await buildAutomation(system.app, acme.caller, draft);
    const runId = await startRun(system.app, acme.caller, id);
    await finishedRun(system.app, acme.caller, runId);
    return runId;
  }

  const attemptsOf = async (id: string, nodeId: string) =>
    Attempts.parse(await system.app.perform(acme.caller, 'runs.list_attempts', { id, nodeId })).items;

  it('are kept one by one, each with its time and its error', async () => {
    slack.server.failNext(2, { status: 503, body: {} });
    const items = await attemptsOf(await run(postMessage('tell', connection, 'Hi', { retry })), 'tell');
    assert.deepEqual(
      items.map(({ attempt, status, error }) => [attempt, status, error?.code ?? null]),
      [
        [1, 'failed', 'provider_unavailable'],
        [2, 'failed', 'provider_unavailable'],
        [3, 'succeeded', null],
      ],
    );
    const moments = items.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]).map(Date.parse);
    assert.deepEqual(
      moments,
      moments.toSorted((a, b) => a - b),
    );
  });

  it('are none where the first one succeeded', async () => {
    assert.deepEqual(await attemptsOf(await run(postMessage('tell', connection, 'Hi')), 'tell'), []);
  });

  it('outlive a retry of the run', async () => {
    const { id: projectId } = await buildProject(system.app, acme.caller);
    await system.app.perform(acme.caller, 'projects.delete', { id: projectId });
    const runId = await run(createTask('task', projectId, 'T'));
    await system.app.perform(acme.caller, 'projects.restore', { id: projectId });
    await system.app.perform(acme.caller, 'runs.retry', { id: runId });
    await finishedRun(system.app, acme.caller, runId);
    const items = await attemptsOf(runId, 'task');
    assert.deepEqual(
      items.map(({ runAttempt, attempt, status }) => [runAttempt, attempt, status]),
      [
        [1, 1, 'failed'],
        [2, 1, 'succeeded'],
      ],
    );
  });
});
