import assert from 'node:assert/strict';
import type { Client } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { connections, polls } from '#db/schema/index.js';
import { type PollOutcome, pollTrigger } from '#runtime/triggers/poll-trigger.js';
import { type GitHubServer, startGitHubServer } from '#stack/vendors/github-server.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain, listRunIds } from '../builders/build-automation.js';
import { buildGitHubConnection, testToken } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { fireNow, openEngineClient, scheduledVersion, unscheduled } from '../builders/schedule-of.js';
import { finishedRuns } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import { type TestSystem, workingSystem } from '../system.js';

const repository = 'octocat/hello';
const watch = { owner: 'octocat', repo: 'hello' };
const note = { id: 'note', type: 'set', input: { values: { message: '{{ trigger.message }}' } } };
const Problem = z.object({
  triggerError: z.object({ code: z.string(), nextTryAt: z.string().nullable() }).nullable(),
});
const Output = z.object({ inline: z.object({ message: z.string() }) });

describe('an automation that asks an app for news', function () {
  this.timeout(120_000);
  let app: TestSystem['app'];
  let client: Client;
  let acme: BuiltOrganization;
  let github: GitHubServer;
  let connection: string;
  before(async () => {
    const system = await workingSystem();
    app = system.app;
    client = await openEngineClient(system.configuration);
  });
  beforeEach(async () => {
    github = await startGitHubServer({ token: testToken, repositories: [repository] });
    onTestsEnd(github.close);
    github.pushCommit(repository, 'old');
    acme = await buildOrganization(app);
    connection = (await buildGitHubConnection(app, acme.caller, github.url)).id;
  });

  /** Publishes, and waits until it is known where the branch stands. */
  async function publish(input: object = {}, id?: string): Promise<string> {
    const trigger = { type: 'github.new_commit', connection, input: { ...watch, ...input } };
    const definition = chain(trigger, [note]);
    if (id === undefined) {
      const automation = await buildAutomation(app, acme.caller, definition);
      await marked(automation.id);
      return automation.id;
    }
    await app.perform(acme.caller, 'automations.update', { id, draft: definition });
    await app.perform(acme.caller, 'automations.publish', { id });
    return id;
  }

  const stateOf = async (id: string) => {
    const [row] = await app.services.database.withOrg(acme.orgId, (db) =>
      db.select().from(polls).where(eq(polls.automationId, id)),
    );
    return row;
  };
  const marked = (id: string) =>
    eventually('it is known where the branch stands', async () => (await stateOf(id))?.cursor ?? undefined);
  const poll = (automationId: string, version = 1): Promise<PollOutcome> =>
    pollTrigger(app.services, {
      orgId: acme.orgId,
      automationId,
      version,
      signal: new AbortController().signal,
    });
  const problemOf = async (id: string) =>
    Problem.parse(await app.perform(acme.caller, 'automations.get', { id })).triggerError;
  const messages = async (id: string, count: number) => {
    const runs = await finishedRuns(app, acme.caller, id, count);
    return runs.map(({ steps }) => Output.parse(steps[0]?.output).inline.message).sort();
  };
  /** As if the pause after a failure were over. */
  const endPause = (id: string) =>
    app.services.database.withOrg(acme.orgId, (db) =>
      db.update(polls).set({ nextPollAt: '2020-01-01T00:00:00Z' }).where(eq(polls.automationId, id)),
    );

  it('begins with what comes after publishing, and starts a run for each item', async () => {
    const id = await publish({ every: '10m' });
    const { spec } = await scheduledVersion(client, acme.orgId, id);
    assert.deepEqual(
      spec.intervals?.map(({ every }) => every),
      [600_000],
    );
    assert.deepEqual(await listRunIds(app, acme.caller, id), []);
    github.pushCommit(repository, 'first');
    github.pushCommit(repository, 'second');
    await fireNow(client, acme.orgId, id);
    assert.deepEqual(await messages(id, 2), ['first', 'second']);
  });

  it('starts one run for an item, however often it is found', async () => {
    const id = await publish();
    const mark = await marked(id);
    github.pushCommit(repository, 'first');
    assert.deepEqual(await Promise.all([poll(id), poll(id)]), ['polled', 'polled']);
    await app.services.database.withOrg(acme.orgId, (db) =>
      db.update(polls).set({ cursor: mark }).where(eq(polls.automationId, id)),
    );
    assert.equal(await poll(id), 'polled');
    github.pushCommit(repository, 'second');
    assert.equal(await poll(id), 'polled');
    assert.deepEqual(await messages(id, 2), ['first', 'second']);
  });

  it('reads several pages in one turn', async () => {
    const id = await publish();
    const pushed = Array.from(
      { length: 120 },
      (_, index) => github.pushCommit(repository, `commit ${index + 100}`).commit.message,
    );
    assert.equal(await poll(id), 'polled');
    assert.deepEqual(await messages(id, 120), pushed);
  });

  it('shows why the app could not be asked, and asks again later', async () => {
    const id = await publish({ every: '1m' });
    github.failNext(1, 'rate_limited');
    const failedAt = Date.now();
    assert.equal(await poll(id), 'failed');
    const problem = await problemOf(id);
    assert.equal(problem?.code, 'limit_exceeded');
    assert.ok(Date.parse(problem?.nextTryAt ?? '') >= failedAt + 7_000);
    const requests = github.requests;
    assert.equal(await poll(id), 'resting');
    assert.equal(github.requests, requests);

    await endPause(id);
    github.failNext(1, 'server_error');
    assert.equal(await poll(id), 'failed');
    assert.equal((await problemOf(id))?.code, 'provider_unavailable');
    const pauseMs = Date.parse((await stateOf(id))?.nextPollAt ?? '') - Date.now();
    assert.ok(pauseMs > 60_000 && pauseMs <= 90_000, `${pauseMs} ms after the second failure in a row`);

    await endPause(id);
    github.pushCommit(repository, 'meanwhile');
    assert.equal(await poll(id), 'polled');
    assert.equal(await problemOf(id), null);
    assert.deepEqual(await messages(id, 1), ['meanwhile']);
  });

  it('stops asking with credentials that the app refuses, until there are new ones', async () => {
    const id = await publish();
    await app.perform(acme.caller, 'connections.update', { id: connection, secret: { token: 'revoked' } });
    assert.equal(await poll(id), 'failed');
    assert.deepEqual(
      [(await problemOf(id))?.code, (await problemOf(id))?.nextTryAt],
      ['credentials_expired', null],
    );
    const [row] = await app.services.database.withOrg(acme.orgId, (db) =>
      db.select({ status: connections.status }).from(connections).where(eq(connections.id, connection)),
    );
    assert.equal(row?.status, 'credentials_expired');
    await endPause(id);
    const requests = github.requests;
    assert.equal(await poll(id), 'resting');
    assert.equal(github.requests, requests);
    await app.perform(acme.caller, 'connections.update', { id: connection, secret: { token: testToken } });
    assert.equal(await poll(id), 'polled');
    assert.equal(await problemOf(id), null);
  });

  it('shows that its connection is gone', async () => {
    const id = await publish();
    await app.perform(acme.caller, 'connections.delete', { id: connection });
    assert.equal(await poll(id), 'failed');
    assert.equal((await problemOf(id))?.code, 'validation');
  });

  it('does not make up for what came while it was paused', async () => {
    const id = await publish();
    await app.perform(acme.caller, 'automations.pause', { id });
    await unscheduled(client, acme.orgId, id);
    assert.equal(await poll(id), 'stale');
    github.pushCommit(repository, 'while paused');
    await app.perform(acme.caller, 'automations.resume', { id });
    await marked(id);
    github.pushCommit(repository, 'afterwards');
    assert.equal(await poll(id), 'polled');
    assert.deepEqual(await messages(id, 1), ['afterwards']);
  });

  it('goes on where it was with a new version that watches the same, and anew with another', async () => {
    const id = await publish();
    github.pushCommit(repository, 'between the versions');
    await publish({ every: '20m' }, id);
    assert.equal(await poll(id), 'stale');
    assert.deepEqual(await messages(id, 1), ['between the versions']);
    const known = (await stateOf(id))?.watched;
    github.pushCommit(repository, 'unseen');
    await publish({ branch: 'main' }, id);
    await eventually('the other branch is watched', async () =>
      (await stateOf(id))?.watched === known ? undefined : true,
    );
    assert.deepEqual(await messages(id, 1), ['between the versions']);
  });

  it('is refused without its repository, with a short interval, and without a connection', async () => {
    const refuse = (trigger: object, path: string) =>
      assertRefused(buildAutomation(app, acme.caller, chain(trigger, [])), 'validation', path);
    const type = 'github.new_commit';
    await refuse({ type, connection, input: { owner: 'o' } }, 'trigger.input.repo');
    await refuse({ type, connection, input: { ...watch, every: '10s' } }, 'trigger.input.every');
    await refuse({ type, input: watch }, 'trigger.connection');
  });
});
