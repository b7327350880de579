import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { hubTopic } from '#runtime/hub/hub.js';
import type { Perform } from '#runtime/perform/perform.js';
import { apiKey, type MemoryApp, memoryApp, orgId, type ServedApp, serve } from '../testing/memory-app.js';
import { problemCode } from '../testing/read-json.js';
import { type OpenStream, openStream } from '../testing/stream-client.js';

describe('live streams', () => {
  let app: MemoryApp;
  let server: ServedApp;
  let perform: Perform;
  const opened: OpenStream[] = [];

  before(async () => {
    app = await memoryApp({ perform: (...call) => perform(...call) });
    server = await serve(app, { limits: { streamsPerUser: 2 } });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((stream) => stream.close()));
  });
  after(() => server.close());

  async function open(path: string, headers: Record<string, string> = {}): Promise<OpenStream> {
    const stream = await openStream(server.url + path, { 'x-api-key': apiKey, ...headers });
    opened.push(stream);
    return stream;
  }
  const wakeRun = () => app.services.hub.publish(hubTopic.run(orgId, 'r1'), { type: 'run', id: 'r1' });
  const wakeEvents = () => app.services.hub.publish(hubTopic.events(orgId), { type: 'event', id: 'e' });

  describe('of a run', () => {
    it('sends the run at once, again when it changed, and ends with its final status', async () => {
      let run = { id: 'r1', status: 'running', steps: 0 };
      perform = async () => run;
      const stream = await open('/v1/runs/r1/events');
      assert.match(stream.contentType, /^text\/event-stream/);
      assert.deepEqual(await stream.next(), { event: 'run', id: '1', data: run });
      run = { ...run, steps: 1 };
      wakeRun();
      assert.deepEqual(await stream.next(), { event: 'run', id: '2', data: run });
      run = { ...run, status: 'succeeded' };
      wakeRun();
      assert.deepEqual(await stream.next(), { event: 'run', id: '3', data: run });
      assert.deepEqual(await stream.next(), { event: 'end', id: '4', data: { status: 'succeeded' } });
      assert.equal(await stream.next(), undefined);
      assert.equal(app.calls.at(-1)?.action, 'runs.get');
    });

    it('makes one look of a burst of wakes, and sends nothing that is unchanged', async () => {
      let looks = 0;
      let status = 'running';
      perform = async () => {
        looks += 1;
        return { id: 'r1', status };
      };
      const stream = await open('/v1/runs/r1/events');
      await stream.next();
      wakeRun();
      await waitUntil(() => looks === 2);
      for (let index = 0; index < 50; index += 1) wakeRun();
      status = 'failed';
      wakeRun();
      assert.equal((await stream.next())?.id, '2');
      assert.equal((await stream.next())?.event, 'end');
      assert.ok(looks <= 4, `${looks} looks`);
    });

    it('refuses with an ordinary problem before it begins', async () => {
      perform = async () => {
        throw new AppError('not_found', 'There is no such run');
      };
      const headers = { 'x-api-key': apiKey };
      assert.equal(
        await problemCode(await fetch(`${server.url}/v1/runs/r1/events`, { headers })),
        '404 not_found',
      );
      assert.equal(await problemCode(await fetch(`${server.url}/v1/runs/r1/events`)), '401 unauthenticated');
    });

    it('ends with an error when the right to see the run is gone', async () => {
      let isAllowed = true;
      perform = async () => {
        if (!isAllowed) throw new AppError('forbidden', 'You may not see runs');
        return { id: 'r1', status: 'running' };
      };
      const stream = await open('/v1/runs/r1/events');
      await stream.next();
      isAllowed = false;
      wakeRun();
      const last = await stream.next();
      assert.equal(last?.event, 'error');
      assert.equal(last?.id, undefined);
      assert.match(JSON.stringify(last?.data), /"code":"forbidden"/);
      assert.equal(await stream.next(), undefined);
    });

    it('lets one person hold a limited number of streams, and counts one that was left no more', async () => {
      perform = async () => ({ id: 'r1', status: 'running' });
      const first = await open('/v1/runs/r1/events');
      await open('/v1/runs/r1/events');
      const ask = () => fetch(`${server.url}/v1/runs/r1/events`, { headers: { 'x-api-key': apiKey } });
      assert.equal(await problemCode(await ask()), '429 limit_exceeded');
      await first.close();
      const deadline = Date.now() + 5_000;
      let response = await ask();
      while (response.status === 429 && Date.now() < deadline) {
        await response.text();
        response = await ask();
      }
      assert.equal(response.status, 200);
      await response.body?.cancel();
    });
  });

  describe('of presence', () => {
    const wakePresence = () =>
      app.services.hub.publish(hubTopic.presence(orgId, 'a1'), { type: 'who', id: '' });

    it('sends who is there at once, and when they are others, to those who ask for a stream', async () => {
      let items: object[] = [];
      let looks = 0;
      perform = async () => {
        looks += 1;
        return { items };
      };
      const stream = await open('/v1/automations/a1/presence', { accept: 'text/event-stream' });
      assert.deepEqual(await stream.next(), { event: 'presence', id: '1', data: { items: [] } });
      wakePresence();
      await waitUntil(() => looks === 2);
      items = [{ client: 'window-1', node: 'task' }];
      wakePresence();
      assert.deepEqual(await stream.next(), { event: 'presence', id: '2', data: { items } });
      assert.equal(app.calls.at(-1)?.action, 'automations.list_presence');
    });

    it('ends when the right to read automations is gone', async () => {
      let isAllowed = true;
      perform = async () => {
        if (!isAllowed) throw new AppError('forbidden', 'You may not see automations');
        return { items: [] };
      };
      const stream = await open('/v1/automations/a1/presence', { accept: 'text/event-stream' });
      await stream.next();
      isAllowed = false;
      wakePresence();
      assert.equal((await stream.next())?.event, 'error');
    });
  });

  describe('of runs', () => {
    it('tells of which automations runs have changed, and nothing before', async () => {
      perform = async () => ({ items: [] });
      const stream = await open('/v1/runs', { accept: 'text/event-stream' });
      app.services.hub.publish(hubTopic.runs(orgId), { type: 'runs', id: 'a1' });
      assert.deepEqual(await stream.next(), { event: 'runs', id: '1', data: { automationIds: ['a1'] } });
      assert.equal(app.calls.at(-1)?.action, 'runs.list');
    });
  });

  describe('of events', () => {
    const eventId = (number: number) => `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`;
    const outbox = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => ({
        id: eventId(first + index),
        type: 'task.created',
        payload: { number: first + index },
      }));
    const OutboxInput = z.object({
      after: z.string().optional(),
      order: z.enum(['oldest', 'newest']).optional(),
      limit: z.number(),
    });
    let events = outbox(1, 3);
    /** How many of them can be listed already. */
    let listable = Number.POSITIVE_INFINITY;
    beforeEach(() => {
      listable = Number.POSITIVE_INFINITY;
    });
    const readOutbox: Perform = async (_caller, _action, input) => {
      const { after, order, limit } = OutboxInput.parse(input);
      const known = order === 'newest' ? events.slice(0, listable).reverse() : events.slice(0, listable);
      const items = known.filter(({ id }) => after === undefined || id > after).slice(0, limit);
      return { items, hasPending: events.length > listable };
    };

    it('goes on exactly after Last-Event-ID, over several pages', async () => {
      perform = readOutbox;
      events = outbox(1, 250);
      const stream = await open('/v1/events', { 'last-event-id': eventId(2) });
      for (let number = 3; number <= 250; number += 1)
        assert.equal((await stream.next())?.id, eventId(number));
      events = outbox(1, 251);
      wakeEvents();
      assert.deepEqual(await stream.next(), {
        event: 'task.created',
        id: eventId(251),
        data: { id: eventId(251), type: 'task.created', payload: { number: 251 } },
      });
    }).timeout(5_000);

    it('begins now without Last-Event-ID', async () => {
      perform = readOutbox;
      events = outbox(1, 3);
      const stream = await open('/v1/events');
      events = outbox(1, 4);
      wakeEvents();
      assert.equal((await stream.next())?.id, eventId(4));
    });

    it('begins with the first event of an organization that has none', async () => {
      perform = readOutbox;
      events = [];
      const stream = await open('/v1/events');
      events = outbox(1, 1);
      wakeEvents();
      assert.equal((await stream.next())?.id, eventId(1));
    });

    it('looks again by itself for what happened but can be listed only a moment later', async () => {
      perform = readOutbox;
      events = outbox(1, 2);
      listable = 1;
      const stream = await open('/v1/events');
      const looked = app.calls.length;
      await waitUntil(() => app.calls.length >= looked + 2);
      listable = 2;
      assert.equal((await stream.next())?.id, eventId(2));
      events = outbox(1, 4);
      listable = 3;
      wakeEvents();
      assert.equal((await stream.next())?.id, eventId(3));
      listable = 4;
      assert.equal((await stream.next())?.id, eventId(4));
    });

    it('refuses a Last-Event-ID that is no id', async () => {
      const headers = { 'x-api-key': apiKey, 'last-event-id': 'x' };
      assert.equal(await problemCode(await fetch(`${server.url}/v1/events`, { headers })), '422 validation');
    });
  });

  it('end when the process is about to stop, and no new one begins', async () => {
    const stopping = new AbortController();
    const other = await serve(app, { stopping: stopping.signal });
    perform = async () => ({ id: 'r1', status: 'running' });
    const address = `${other.url}/v1/runs/r1/events`;
    const stream = await openStream(address, { 'x-api-key': apiKey });
    await stream.next();
    stopping.abort();
    assert.equal(await stream.next(), undefined);
    const late = await fetch(address, { headers: { 'x-api-key': apiKey } });
    assert.equal(await problemCode(late), '502 provider_unavailable');
    await other.close();
  });
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('It did not become true within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
