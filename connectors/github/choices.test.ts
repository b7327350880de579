import assert from 'node:assert/strict';
import { ChoicesPage } from '#core/choices.js';
import { createConnectorContext, runConnectorAction } from '#stack/vendors/connector-context.js';
import { type GitHubServer, startGitHubServer } from '#stack/vendors/github-server.js';
import { github } from './index.js';

const repositories = [
  ...Array.from({ length: 230 }, (_, index) => `acme/site-${String(index).padStart(3, '0')}`),
  'robot/notes',
];

describe('what can be chosen of GitHub', () => {
  let server: GitHubServer;
  before(async () => {
    server = await startGitHubServer({
      token: 'token-1',
      login: 'robot',
      repositories,
      organizations: ['acme', 'umbrella'],
    });
  });
  after(() => server.close());

  async function list(action: string, input: object = {}) {
    const given = { config: { apiUrl: server.url }, secret: { token: 'token-1' } };
    return ChoicesPage.parse(
      await runConnectorAction(github, action, createConnectorContext(github, given), input),
    );
  }
  const valuesOf = ({ items }: ChoicesPage) => items.map(({ value }) => value);

  it('gives the account of the token and its organizations', async () => {
    assert.deepEqual(await list('github.list_owners'), {
      items: [
        { value: 'robot', label: 'robot', hint: 'Account' },
        { value: 'acme', label: 'acme', hint: 'Organization' },
        { value: 'umbrella', label: 'umbrella', hint: 'Organization' },
      ],
      nextCursor: null,
    });
    assert.deepEqual(valuesOf(await list('github.list_owners', { q: 'UMB' })), ['umbrella']);
  });

  it('gives repositories page after page', async () => {
    const first = await list('github.list_repositories');
    assert.equal(first.items.length, 100);
    const second = await list('github.list_repositories', { cursor: first.nextCursor });
    assert.equal(second.items[0]?.value, 'site-100');
    const third = await list('github.list_repositories', { cursor: second.nextCursor });
    assert.deepEqual([third.items.length, third.nextCursor], [31, null]);
  });

  it('looks for those of one owner, or by name, on later pages too', async () => {
    assert.deepEqual(valuesOf(await list('github.list_repositories', { owner: 'Robot' })), ['notes']);
    assert.deepEqual(valuesOf(await list('github.list_repositories', { owner: 'acme', q: '-229' })), [
      'site-229',
    ]);
    assert.deepEqual(valuesOf(await list('github.list_repositories', { owner: 'umbrella' })), []);
  });

  it('refuses a cursor that is none', async () => {
    await assert.rejects(list('github.list_repositories', { cursor: '../2' }), { name: 'ZodError' });
  });
});
