import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Transaction } from '#db/client.js';
import { hubTopic } from '#runtime/hub/hub.js';
import { timeOrderedId } from '#runtime/outbox.js';
import { writeRecords } from '#runtime/records.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { eventually } from '#test/eventually.js';
import { type TestSystem, testSystem } from '#test/system.js';
import { type ServedApp, serve } from '../testing/memory-app.js';
import { type OpenStream, openStream } from '../testing/stream-client.js';

const Pending = z.object({ hasPending: z.boolean() });

describe('the stream of events over the database', () => {
  let app: TestSystem['app'];
  let server: ServedApp;
  let acme: BuiltOrganization;
  let looks = 0;
  const opened: OpenStream[] = [];
  before(async () => {
    ({ app } = await testSystem());
    server = await serve({
      ...app,
      perform: (...call) => {
        looks += 1;
        return app.perform(...call);
      },
    });
    acme = await buildOrganization(app);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((stream) => stream.close()));
  });
  after(() => server.close());

  async function open(headers: Record<string, string> = {}): Promise<OpenStream> {
    const authorization = `Bearer ${acme.accessToken}`;
    const accept = 'text/event-stream';
    const stream = await openStream(`${server.url}/v1/events`, { authorization, accept, ...headers });
    opened.push(stream);
    return stream;
  }

  /** An event that is written at once, and whose transaction ends as `work` does. Announced as actions do it. */
  async function happen(work: () => Promise<void> = async () => {}): Promise<string> {
    const id = timeOrderedId();
    await app.services.database.withOrg(acme.orgId, async (transaction: Transaction) => {
      const event = { id, type: 'task.created', payload: {}, runId: null, depth: 0 };
      await writeRecords(transaction, { orgId: acme.orgId, events: [event] });
      await work();
    });
    app.services.hub.publish(hubTopic.events(acme.orgId), { type: 'event', id });
    return id;
  }

  it('sends each event once though they commit in another order, also to who comes back in between', async () => {
    await happen();
    // Else it would be new to a stream that begins now: other transactions go on meanwhile.
    await eventually('the first event can be listed', async () => {
      const { hasPending } = Pending.parse(await app.perform(acme.caller, 'events.list', {}));
      return hasPending ? undefined : true;
    });
    const stream = await open();
    let fast = '';
    const slow = await happen(async () => {
      fast = await happen();
      const before = looks;
      await eventually('the stream has looked and sees the second but not the first', () =>
        looks > before + 1 ? true : undefined,
      );
    });
    const last = await happen();
    const ids = [await stream.next(), await stream.next(), await stream.next()].map((event) => event?.id);
    assert.deepEqual(ids, [slow, fast, last]);

    const again = await open({ 'last-event-id': slow });
    assert.deepEqual([(await again.next())?.id, (await again.next())?.id], [fast, last]);
  });
});
