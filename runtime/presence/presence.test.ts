import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '#test/eventually.js';
import { testSystem } from '#test/system.js';
import type { Hub } from '../hub/hub.js';
import { createPresenceBoard, lifetimeMs, type PresenceBoard, type PresencePlace } from './presence.js';

describe('who has a draft open', () => {
  let hub: Hub;
  /** Two processes, on the same hub. */
  let here: PresenceBoard;
  let there: PresenceBoard;
  let time = 0;
  let place: PresencePlace;
  before(async () => {
    ({ hub } = (await testSystem()).app.services);
  });
  beforeEach(() => {
    here = createPresenceBoard(hub, () => time);
    there = createPresenceBoard(hub, () => time);
    place = { orgId: randomUUID(), automationId: randomUUID() };
  });

  const ada = { client: 'window-1', userId: randomUUID(), node: null };
  const seen = (board: PresenceBoard) => board.list(place).map(({ client, node }) => `${client} ${node}`);
  const until = (board: PresenceBoard, expected: readonly string[]) =>
    eventually(`it sees ${expected}`, () => {
      const found = seen(board);
      return found.join() === expected.join() || undefined;
    });

  it('is told from one process to the other, with what they have chosen', async () => {
    assert.deepEqual(seen(there), []);
    here.enter(place, ada);
    assert.deepEqual(seen(here), ['window-1 null']);
    await until(there, ['window-1 null']);
    here.enter(place, { ...ada, node: 'task' });
    await until(there, ['window-1 task']);
    here.leave(place, ada);
    assert.deepEqual(seen(here), []);
    await until(there, []);
  });

  it('is told to a process that asks later', async () => {
    here.enter(place, { ...ada, node: 'task' });
    await until(there, ['window-1 task']);
  });

  it('is forgotten by all unless it is said again, whoever asks meanwhile', async () => {
    here.enter(place, ada);
    await until(there, ['window-1 null']);
    time += lifetimeMs / 2;
    here.enter(place, ada);
    await until(there, ['window-1 null']);
    time += lifetimeMs / 2 + 1;
    assert.deepEqual(seen(here), ['window-1 null']);
    time += lifetimeMs / 2;
    assert.deepEqual(seen(here), []);
    const third = createPresenceBoard(hub, () => time);
    third.enter(place, { ...ada, client: 'window-2' });
    await until(third, ['window-2 null']);
    await until(here, ['window-2 null']);
  });

  it('of one organization or automation is not that of another, and no window is spoken for by others', async () => {
    here.enter(place, ada);
    assert.deepEqual(here.list({ ...place, orgId: randomUUID() }), []);
    assert.deepEqual(here.list({ ...place, automationId: randomUUID() }), []);
    const other = { client: ada.client, userId: randomUUID() };
    here.leave(place, other);
    assert.deepEqual(seen(here), ['window-1 null']);
  });

  it('has an end: so many windows and no more', () => {
    for (let number = 0; number < 150; number += 1) here.enter(place, { ...ada, client: `window-${number}` });
    assert.equal(here.list(place).length, 100);
  });

  it('fits into what the hub can send at once', async () => {
    const long = 'n'.repeat(64);
    const windows = Array.from(
      { length: 90 },
      (_, index) => `${String(index).padStart(4, '0')}-${'w'.repeat(31)}`,
    );
    assert.deepEqual(seen(there), []);
    for (const client of windows) here.enter(place, { ...ada, client, node: long });
    await eventually('all are told of', () => there.list(place).length === windows.length || undefined);
  });
});
