import assert from 'node:assert/strict';
import { z } from 'zod';
import { createConnectorContext } from '#stack/vendors/connector-context.js';
import { type GitHubServer, startGitHubServer } from '#stack/vendors/github-server.js';
import { Commit } from './commit.js';
import { github } from './index.js';
import { newCommit } from './new-commit.js';

const repository = 'octocat/hello';
const Payload = Commit.pick({ message: true });

describe('the trigger for new commits of GitHub', () => {
  let server: GitHubServer;
  beforeEach(async () => {
    server = await startGitHubServer({ token: 'token-1', login: 'robot', repositories: [repository] });
  });
  afterEach(() => server.close());

  async function poll(cursor: unknown, more: object = {}) {
    const context = createConnectorContext(github, {
      config: { apiUrl: server.url },
      secret: { token: 'token-1' },
    });
    const page = await newCommit.poll?.poll(context, { owner: 'octocat', repo: 'hello', ...more }, cursor);
    assert.ok(page);
    const messages = page.items.map(({ payload }) => Payload.parse(payload).message);
    return { ...page, messages };
  }

  const push = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => server.pushCommit(repository, `${name} ${index}`));

  it('finds out where the branch stands, and gives what comes after, oldest first', async () => {
    push(3, 'old');
    const first = await poll(undefined);
    assert.deepEqual([first.messages, first.hasMore], [[], false]);
    const [one, two] = push(2, 'new');
    const next = await poll(first.cursor);
    assert.deepEqual([next.messages, next.hasMore], [['new 0', 'new 1'], false]);
    assert.deepEqual(
      next.items.map(({ id }) => id),
      [`${repository}:${one?.sha}`, `${repository}:${two?.sha}`],
    );
    const { committedAt, sha, url, ...commit } = Commit.parse(next.items[0]?.payload);
    assert.deepEqual(commit, {
      message: 'new 0',
      repository,
      branch: null,
      author: { name: 'Mona', email: 'mona@example.com', login: 'robot' },
    });
    assert.ok(committedAt && url.endsWith(sha));
  });

  it('asks once where nothing is new', async () => {
    push(1, 'old');
    const { cursor } = await poll(undefined);
    const before = server.requests;
    assert.deepEqual((await poll(cursor)).messages, []);
    assert.equal(server.requests - before, 1);
  });

  it('gives many in pages, and what came meanwhile after them', async () => {
    push(1, 'old');
    let { cursor } = await poll(undefined);
    push(230, 'new');
    const found: string[] = [];
    const more: boolean[] = [];
    for (let count = 0; count < 4; count += 1) {
      const page = await poll(cursor);
      if (count === 0) push(1, 'late');
      found.push(...page.messages);
      more.push(page.hasMore);
      cursor = z.json().parse(page.cursor);
    }
    assert.deepEqual(more, [true, true, false, false]);
    assert.deepEqual(found, [...Array.from({ length: 230 }, (_, index) => `new ${index}`), 'late 0']);
  });

  it('takes a repository that is empty at first', async () => {
    const first = await poll(undefined);
    assert.deepEqual((await poll(first.cursor)).messages, []);
    push(2, 'new');
    assert.deepEqual((await poll(first.cursor)).messages, ['new 0', 'new 1']);
  });

  it('goes on after a forced push', async () => {
    push(2, 'old');
    const { cursor } = await poll(undefined);
    server.rewriteCommits(repository);
    push(2, 'other');
    const rewritten = await poll(cursor);
    assert.deepEqual([rewritten.messages, rewritten.hasMore], [[], false]);
    push(1, 'new');
    assert.deepEqual((await poll(rewritten.cursor)).messages, ['new 0']);
  });

  it('refuses a repository that is not there, and a cursor that is none', async () => {
    await assert.rejects(poll(undefined, { repo: 'missing' }), { code: 'not_found' });
    await assert.rejects(poll({ base: 5 }), { name: 'ZodError' });
  });

  it('has an interval of five minutes, or another of at least one', () => {
    const everyOf = (input: object) => {
      const timetable = newCommit.poll?.timetable(input);
      return timetable?.kind === 'every' ? timetable.everyMs : undefined;
    };
    assert.equal(everyOf({}), 300_000);
    assert.equal(everyOf({ every: '1m' }), 60_000);
    assert.throws(() => everyOf({ every: '30s' }));
  });
});
