import assert from 'node:assert/strict';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { createCatalogue } from '#core/catalogue.js';
import { defineConnector } from '#core/connector.js';
import { definePolledTrigger, type PolledPage } from '#core/polled-trigger.js';
import { deliveries } from '#db/schema/index.js';
import { buildAutomation, chain, hookKeyOf } from '#test/builders/build-automation.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import { testSystem } from '#test/system.js';
import { createPerform } from '../perform/create-perform.js';
import { pollTrigger } from './poll-trigger.js';

type Page = PolledPage<number, { text: string }>;

/** An app whose pages the test makes. */
function createFeed(pageOf: (cursor: number | undefined) => Page) {
  const next = definePolledTrigger({
    name: 'feed.entry',
    title: 'Entry',
    description: 'Something is in the feed.',
    input: z.object({}),
    output: z.object({ text: z.string() }),
    sample: { text: 'Entry' },
    cursor: z.int(),
    defaultEvery: '1m',
    poll: async (_context, _input, cursor) => pageOf(cursor),
  });
  return defineConnector({
    name: 'feed',
    title: 'Feed',
    description: 'Entries.',
    config: z.object({}),
    auth: { kind: 'none' },
    actions: [],
    triggers: [next],
    test: async () => ({ account: 'feed' }),
  });
}

const entry = (id: number) => ({ id: String(id), payload: { text: `Entry ${id}` } });

describe('asking an app for news', () => {
  /** Publishes an automation that listens to the feed. Nothing but the test asks it. */
  async function listenTo(pageOf: (cursor: number | undefined) => Page) {
    const { app } = await testSystem();
    const { domains, connectors } = app.services.catalogue;
    const catalogue = createCatalogue([...domains.values()], [...connectors.values(), createFeed(pageOf)]);
    const services = { ...app.services, catalogue };
    const perform = createPerform(services);
    const { orgId, caller } = await buildOrganization(app);
    const created = await perform(caller, 'connections.create', { connector: 'feed', name: 'Feed' });
    const { id: connection } = z.object({ id: z.uuid() }).parse(created);
    const definition = chain({ type: 'feed.entry', connection }, []);
    const { id, webhookUrl } = await buildAutomation({ services, perform }, caller, definition);
    return {
      poll: (signal = new AbortController().signal) =>
        pollTrigger(services, { orgId, automationId: id, version: 1, signal }),
      async delivered(): Promise<string[]> {
        const rows = await services.database.withOrg(orgId, (db) =>
          db
            .select()
            .from(deliveries)
            .where(eq(deliveries.hookKey, hookKeyOf(webhookUrl))),
        );
        return rows.map(({ externalId }) => externalId).sort();
      },
    };
  }

  it('keeps nothing of the first page, nor asks for more of what was there before', async () => {
    const asked: (number | undefined)[] = [];
    const feed = await listenTo((cursor = 0) => {
      asked.push(cursor);
      return { items: [entry(cursor)], cursor: cursor + 1, hasMore: cursor === 0 };
    });
    assert.equal(await feed.poll(), 'polled');
    assert.deepEqual([asked, await feed.delivered()], [[0], []]);
    assert.equal(await feed.poll(), 'polled');
    assert.deepEqual([asked, await feed.delivered()], [[0, 1], ['feed.entry:1']]);
  });

  it('asks for a limited number of pages, and goes on there with the next turn', async () => {
    const feed = await listenTo((cursor) => {
      if (cursor === undefined) return { items: [], cursor: 10, hasMore: false };
      return { items: [entry(cursor)], cursor: cursor + 1, hasMore: true };
    });
    await feed.poll();
    await feed.poll();
    assert.equal((await feed.delivered()).length, 10);
    await feed.poll();
    const delivered = await feed.delivered();
    assert.deepEqual([delivered.length, delivered.at(-1)], [20, 'feed.entry:29']);
  });

  it('keeps an entry once that stands twice on a page', async () => {
    const feed = await listenTo((cursor = 0) => ({
      items: [entry(7), entry(7), entry(8)],
      cursor: cursor + 1,
      hasMore: false,
    }));
    await feed.poll();
    await feed.poll();
    await feed.poll();
    assert.deepEqual(await feed.delivered(), ['feed.entry:7', 'feed.entry:8']);
  });

  it('keeps the pages before the one that fails', async () => {
    const feed = await listenTo((cursor) => {
      if (cursor === undefined) return { items: [], cursor: 1, hasMore: false };
      if (cursor === 3) throw new Error('a mistake in the connector');
      return { items: [entry(cursor)], cursor: cursor + 1, hasMore: true };
    });
    await feed.poll();
    assert.equal(await feed.poll(), 'failed');
    assert.deepEqual(await feed.delivered(), ['feed.entry:1', 'feed.entry:2']);
    assert.equal(await feed.poll(), 'resting');
  });

  it('takes the end of its own process for no failure of the app', async () => {
    const stopping = AbortSignal.abort(new Error('the worker stops'));
    const feed = await listenTo(() => {
      throw new Error('aborted');
    });
    await assert.rejects(feed.poll(stopping), /aborted/);
    assert.equal(await feed.poll(), 'failed');
  });
});
