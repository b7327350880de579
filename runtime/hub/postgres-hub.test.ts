import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { type Database, openDatabase } from '#db/client.js';
import { eventually } from '#test/eventually.js';
import { openOwner } from '#test/owner.js';
import { testSystem } from '#test/system.js';
import { createLogger } from '../logger.js';
import { type Hub, type HubMessage, hubTopic } from './hub.js';
import { createPostgresHub } from './postgres-hub.js';

interface Process {
  database: Database;
  hub: Hub;
}

describe('the hub over NOTIFY', () => {
  const applicationName = `hub-${randomUUID()}`;
  let owner: postgres.Sql;
  let url: string;
  let here: Process;
  let there: Process;
  before(async () => {
    const { stack } = await testSystem();
    owner = openOwner(stack);
    const named = new URL(stack.databaseUrl);
    named.searchParams.set('application_name', applicationName);
    url = named.href;
    here = await openProcess(url);
    there = await openProcess(url);
  });
  after(() => Promise.all([here, there].map(closeProcess)));

  const newTopic = () => hubTopic.run(randomUUID(), randomUUID());
  const newMessage = (type = 'run'): HubMessage => ({ type, id: randomUUID() });

  /** What a process hears on a topic, as it comes in. */
  function hear({ hub }: Process, topic: string): HubMessage[] {
    const heard: HubMessage[] = [];
    hub.subscribe(topic, (message) => heard.push(message));
    return heard;
  }
  const until = (what: string, holds: () => boolean) => eventually(what, () => holds() || undefined, 10_000);

  it('tells the other process and the own one, and only who listens to the topic', async () => {
    const topic = newTopic();
    const other = newTopic();
    const heardHere = hear(here, topic);
    const heardThere = hear(there, topic);
    const heardOther = hear(there, other);
    const [first, second] = [newMessage(), newMessage()];
    here.hub.publish(topic, first);
    await until('both heard it', () => heardHere.length === 1 && heardThere.length === 1);
    there.hub.publish(other, second);
    await until('the other topic was heard', () => heardOther.length === 1);
    assert.deepEqual([heardHere, heardThere, heardOther], [[first], [first], [second]]);
  });

  it('says the same thing once however often it is published at a time, and ends with the last', async () => {
    const topic = newTopic();
    const heard = hear(there, topic);
    const messages = Array.from({ length: 1_000 }, () => newMessage());
    for (const message of messages) here.hub.publish(topic, message);
    const last = messages.at(-1);
    await until('the last was heard', () => heard.at(-1)?.id === last?.id);
    assert.ok(heard.length <= 3, `${heard.length} messages`);
  });

  it('keeps types of one topic apart', async () => {
    const topic = newTopic();
    const heard = hear(there, topic);
    for (let round = 0; round < 10; round += 1) {
      here.hub.publish(topic, newMessage('event'));
      here.hub.publish(topic, newMessage('delivery'));
    }
    await until('both types were heard', () => new Set(heard.map(({ type }) => type)).size === 2);
  });

  it('tells of more topics at a time than one NOTIFY can hold', async () => {
    const topics = Array.from({ length: 300 }, newTopic);
    const heard = topics.map((topic) => hear(there, topic));
    for (const topic of topics) here.hub.publish(topic, newMessage('delivery'));
    await until('each topic was heard', () => heard.every((messages) => messages.length === 1));
  });

  it('tells nothing more after unsubscribing, and goes on telling others', async () => {
    const topic = newTopic();
    const left: HubMessage[] = [];
    const unsubscribe = there.hub.subscribe(topic, (message) => left.push(message));
    const stayed = hear(there, topic);
    here.hub.publish(topic, newMessage());
    await until('both heard it', () => left.length === 1 && stayed.length === 1);
    unsubscribe();
    here.hub.publish(topic, newMessage());
    await until('the other one heard it', () => stayed.length === 2);
    assert.equal(left.length, 1);
  });

  it('listens and tells again after all its connections were lost', async () => {
    const topic = newTopic();
    const heard = hear(there, topic);
    const lost = await owner`
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = ${applicationName}`;
    assert.ok(lost.length >= 2, 'both processes listened');
    await eventually('a message gets through again', () => {
      here.hub.publish(topic, newMessage());
      return heard.length > 0 || undefined;
    });
    await here.hub.ping();
  });

  it('closes although the server does not answer', async () => {
    const { hub, database } = await openProcess(url);
    const [listener] = await owner<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity WHERE application_name = ${applicationName} AND query ILIKE 'listen%'
      ORDER BY backend_start DESC LIMIT 1`;
    const { pid } = listener ?? assert.fail('Nothing listens');
    process.kill(pid, 'SIGSTOP');
    try {
      await hub.close();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await database.close();
  });
});

async function openProcess(url: string): Promise<Process> {
  const database = await openDatabase(url, 2);
  const hub = await createPostgresHub(database, createLogger({ name: 'hub', level: 'silent' }));
  return { database, hub };
}

async function closeProcess({ database, hub }: Process): Promise<void> {
  await hub.close();
  await database.close();
}
