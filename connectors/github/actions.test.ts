import assert from 'node:assert/strict';
import type { ConnectorContext } from '#core/connector.js';
import { AppError, type ErrorCode } from '#core/errors.js';
import {
  type ContextChoices,
  createConnectorContext,
  runConnectorAction,
} from '#stack/vendors/connector-context.js';
import { type GitHubServer, startGitHubServer } from '#stack/vendors/github-server.js';
import { github } from './index.js';

const repository = { owner: 'octocat', repo: 'hello' };

describe('GitHub actions', () => {
  let server: GitHubServer;

  beforeEach(async () => {
    server = await startGitHubServer({ token: 'token-1', login: 'robot', repositories: ['octocat/hello'] });
  });
  afterEach(() => server.close());

  function context(choices: ContextChoices = {}): ConnectorContext {
    return createConnectorContext(github, {
      config: { apiUrl: server.url },
      secret: { token: 'token-1' },
      ...choices,
    });
  }

  it('creates an issue and gives it back in our form', async () => {
    const input = { ...repository, title: 'Broken', body: 'It is.', labels: ['bug'], assignees: ['octocat'] };
    const { id, createdAt, updatedAt, ...issue } = (await runConnectorAction(
      github,
      'github.create_issue',
      context(),
      input,
    )) as Record<string, unknown>;
    assert.deepEqual(issue, {
      number: 1,
      title: 'Broken',
      state: 'open',
      url: 'https://github.com/octocat/hello/issues/1',
      body: 'It is.',
      user: 'robot',
      labels: ['bug'],
      assignees: ['octocat'],
      comments: 0,
      closedAt: null,
    });
    assert.ok(id && createdAt && updatedAt);
    assert.match(server.issues[0]?.body ?? '', /^It is\.\n\n<!-- worksynapse:run-1%3Anode%3A0 -->$/);
  });

  it('creates an issue once when the answer to the first attempt was lost', async () => {
    const input = { ...repository, title: 'Broken' };
    server.failNext(1, 'lost_answer');
    await rejects(
      runConnectorAction(github, 'github.create_issue', context(), input),
      'provider_unavailable',
    );
    const again = await runConnectorAction(github, 'github.create_issue', context({ isRetry: true }), input);
    assert.equal((again as { number: number }).number, 1);
    assert.equal(server.issues.length, 1);
  });

  it('creates an issue on a repeated attempt whose first attempt had no effect', async () => {
    await runConnectorAction(github, 'github.create_issue', context({ idempotencyKey: 'other' }), {
      ...repository,
      title: 'Other',
    });
    await runConnectorAction(github, 'github.create_issue', context({ isRetry: true }), {
      ...repository,
      title: 'New',
    });
    assert.deepEqual(
      server.issues.map(({ title }) => title),
      ['Other', 'New'],
    );
  });

  it('comments once, also when the earlier comment is on the second page', async () => {
    await runConnectorAction(github, 'github.create_issue', context(), { ...repository, title: 'Talk' });
    for (let number = 0; number < 100; number += 1) {
      const choices = { idempotencyKey: `other-${number}` };
      const input = { ...repository, number: 1, body: `Comment ${number}` };
      await runConnectorAction(github, 'github.create_comment', context(choices), input);
    }
    const input = { ...repository, number: 1, body: 'Mine' };
    const first = await runConnectorAction(github, 'github.create_comment', context(), input);
    const again = await runConnectorAction(
      github,
      'github.create_comment',
      context({ isRetry: true }),
      input,
    );
    assert.deepEqual(again, first);
    assert.equal(server.comments.length, 101);
  });

  it('keeps a marker closed whatever the key holds', async () => {
    const choices = { idempotencyKey: 'a --> <script>' };
    const issue = await runConnectorAction(github, 'github.create_issue', context(choices), {
      ...repository,
      title: 'Key',
      body: 'Text',
    });
    assert.equal((issue as { body: string }).body, 'Text');
    assert.equal(server.issues[0]?.body?.match(/-->/g)?.length, 1);
  });

  it('reads an issue', async () => {
    await runConnectorAction(github, 'github.create_issue', context(), { ...repository, title: 'Read me' });
    const issue = await runConnectorAction(github, 'github.get_issue', context(), {
      ...repository,
      number: 1,
    });
    assert.equal((issue as { title: string }).title, 'Read me');
  });

  it('does not climb out of the path of a repository', async () => {
    for (const repo of ['..', '.', 'a/b', 'a?b']) {
      const input = { owner: 'octocat', repo, number: 1 };
      await assert.rejects(runConnectorAction(github, 'github.get_issue', context(), input), {
        name: 'ZodError',
      });
    }
    assert.equal(server.requests, 0);
  });

  it('tells whose token it is', async () => {
    assert.deepEqual(await github.test(context()), { account: 'robot' });
  });

  it('turns what GitHub refuses into our errors', async () => {
    const read = (choices: ContextChoices = {}, repo = 'hello') =>
      runConnectorAction(github, 'github.get_issue', context(choices), { owner: 'octocat', repo, number: 1 });
    await rejects(read({ secret: { token: 'wrong' } }), 'credentials_expired');
    await rejects(read({}, 'missing'), 'not_found');
    server.failNext(1, 'server_error');
    await rejects(read(), 'provider_unavailable');
    server.failNext(1, {
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
    await rejects(read(), 'forbidden');
    server.failNext(1, { body: 'not an issue' });
    await rejects(read(), 'provider_unavailable');
  });

  it('names the field that GitHub refuses', async () => {
    const errors = [{ resource: 'Issue', field: 'assignees', code: 'invalid' }];
    server.failNext(1, { status: 422, body: { message: 'Validation Failed', errors } });
    const call = runConnectorAction(github, 'github.create_issue', context(), { ...repository, title: 'T' });
    await assert.rejects(call, { code: 'validation', issues: [{ path: 'assignees', message: 'invalid' }] });
  });

  it('waits as long as GitHub asks when it limits the rate', async () => {
    const read = () =>
      runConnectorAction(github, 'github.get_issue', context(), { ...repository, number: 1 });
    server.failNext(1, 'rate_limited');
    await assert.rejects(read(), { code: 'limit_exceeded', retryAfterMs: 7000 });
    const resetsAt = Math.floor(Date.now() / 1000) + 90;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetsAt) };
    server.failNext(1, { status: 403, headers, body: { message: 'API rate limit exceeded' } });
    await assert.rejects(read(), (error: AppError) => {
      return error.code === 'limit_exceeded' && (error.retryAfterMs ?? 0) > 80_000;
    });
    server.failNext(1, { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } });
    await assert.rejects(read(), { code: 'limit_exceeded', retryAfterMs: 60_000 });
  });

  it('refuses an address that must not be called and stops when the step is cancelled', async () => {
    const config = { apiUrl: 'http://169.254.169.254' };
    await rejects(github.test(context({ config })), 'validation');
    const reason = new Error('cancelled');
    await assert.rejects(github.test(context({ signal: AbortSignal.abort(reason) })), reason);
  });
});

async function rejects(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === code);
}
