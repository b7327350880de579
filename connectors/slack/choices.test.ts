import assert from 'node:assert/strict';
import { ChoicesPage } from '#core/choices.js';
import { createConnectorContext, runConnectorAction } from '#stack/vendors/connector-context.js';
import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { slack } from './index.js';

const people = [
  { id: 'U0ADA00001', name: 'ada', real_name: 'Ada Lovelace', email: 'ada@example.com' },
  { id: 'U0BOT00002', name: 'clock', real_name: 'Clock', email: 'clock@example.com', is_bot: true },
  { id: 'U0GONE0001', name: 'gone', real_name: 'Gone', email: 'gone@example.com', deleted: true },
];
/** More than Slack gives at once, where something is looked for. */
const many = Array.from({ length: 2_300 }, (_, index) => `team-${index}`);

describe('what can be chosen of Slack', () => {
  let server: SlackServer;
  before(async () => {
    server = await startSlackServer({ token: 'xoxb-1', channels: ['bugs', ...many], users: people });
  });
  after(() => server.close());

  async function list(action: string, input: object = {}) {
    const given = { config: { apiUrl: server.url }, secret: { token: 'xoxb-1' } };
    return ChoicesPage.parse(
      await runConnectorAction(slack, action, createConnectorContext(slack, given), input),
    );
  }

  it('gives channels a page at a time', async () => {
    const { items, nextCursor } = await list('slack.list_channels');
    assert.equal(items.length, 200);
    assert.equal(items[0]?.label, '#bugs');
    assert.match(items[0]?.value ?? '', /^C/);
    const next = await list('slack.list_channels', { cursor: nextCursor });
    assert.equal(next.items[0]?.label, '#team-199');
  });

  it('finds a channel that is on a later page, and tells when there are no more', async () => {
    const found = await list('slack.list_channels', { q: '#TEAM-2299' });
    assert.deepEqual(
      found.items.map(({ label }) => label),
      ['#team-2299'],
    );
    assert.equal(found.nextCursor, null);
    assert.deepEqual(await list('slack.list_channels', { q: 'nothing' }), { items: [], nextCursor: null });
  });

  it('gives public channels only to an app that may not see private ones', async () => {
    server.failNext(1, { body: { ok: false, error: 'missing_scope', needed: 'groups:read' } });
    const { items } = await list('slack.list_channels', { q: 'bugs' });
    assert.equal(items.length, 1);
  });

  it('gives people, but not bots and those who have left', async () => {
    assert.deepEqual(await list('slack.list_users'), {
      items: [{ value: 'U0ADA00001', label: 'Ada Lovelace', hint: '@ada' }],
      nextCursor: null,
    });
    assert.deepEqual((await list('slack.list_users', { q: '@lovelace' })).items.length, 1);
    assert.deepEqual((await list('slack.list_users', { q: 'clock' })).items, []);
  });
});
