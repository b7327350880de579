import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import { buildMember } from '../builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { eventually } from '../eventually.js';
import { openTestSlack, type TestSlack } from '../slack.js';
import { type TestSystem, testSystem } from '../system.js';

describe('a call with an idempotency key', () => {
  let system: TestSystem;
  let slack: TestSlack;
  let organization: BuiltOrganization;
  let caller: Caller;
  before(async () => {
    [system, slack] = await Promise.all([testSystem(), openTestSlack()]);
    organization = await buildOrganization(system.app);
    caller = organization.caller;
  });

  const createTask = (as: Caller, input: object, idempotencyKey: string) =>
    system.app.perform(as, 'tasks.create', input, { idempotencyKey });

  it('gets the first result again, and nothing happens twice', async () => {
    const { id: projectId } = await buildProject(system.app, caller);
    const key = randomUUID();
    const first = await createTask(caller, { projectId, title: 'Once' }, key);
    // The order of fields is no difference.
    assert.deepEqual(await createTask(caller, { title: 'Once', projectId }, key), first);
    assert.deepEqual(await listTaskTitles(system.app, caller, projectId), ['Once']);
  });

  it('is refused with other input, or for another action', async () => {
    const { id: projectId } = await buildProject(system.app, caller);
    const key = randomUUID();
    await createTask(caller, { projectId, title: 'Once' }, key);
    const path = 'Idempotency-Key';
    const refused = await assertRefused(
      createTask(caller, { projectId, title: 'Two' }, key),
      'validation',
      path,
    );
    assert.equal(refused.status, 422);
    const project = system.app.perform(caller, 'projects.create', { name: 'P' }, { idempotencyKey: key });
    await assertRefused(project, 'validation', path);
  });

  it('does not meet the same key of another person or organization', async () => {
    const member = await buildMember(system.app, organization, 'manager');
    const stranger = await buildOrganization(system.app);
    const key = randomUUID();
    const { id: projectId } = await buildProject(system.app, caller);
    const foreign = await buildProject(system.app, stranger.caller);
    await createTask(caller, { projectId, title: 'Mine' }, key);
    await createTask(member.caller, { projectId, title: 'Theirs' }, key);
    await createTask(stranger.caller, { projectId: foreign.id, title: 'Elsewhere' }, key);
    assert.deepEqual(await listTaskTitles(system.app, caller, projectId), ['Mine', 'Theirs']);
  });

  it('makes one of many sent at once; the rest get its result or are told to wait', async () => {
    const { id: projectId } = await buildProject(system.app, caller);
    const key = randomUUID();
    const calls = Array.from({ length: 12 }, () => createTask(caller, { projectId, title: 'Once' }, key));
    const results = await Promise.allSettled(calls);
    const ids = new Set<string>();
    for (const result of results) {
      if (result.status === 'fulfilled') ids.add(z.looseObject({ id: z.string() }).parse(result.value).id);
      else await assertRefused(Promise.reject(result.reason), 'conflict');
    }
    assert.equal(ids.size, 1);
    assert.deepEqual(await listTaskTitles(system.app, caller, projectId), ['Once']);
  });

  it('is a conflict while a call to the outside with that key is at work', async () => {
    const { id: connectionId } = await buildSlackConnection(system.app, caller, slack.apiUrl);
    const idempotencyKey = randomUUID();
    const post = () =>
      system.app.perform(
        caller,
        'slack.post_message',
        { channel: '#general', text: 'Once' },
        { idempotencyKey, connectionId },
      );
    slack.proxy.hold();
    const first = post();
    await eventually('the call is out', () => (slack.proxy.heldCount > 0 ? true : undefined));
    const refused = await assertRefused(post(), 'conflict');
    assert.equal(refused.status, 409);
    slack.proxy.release();
    assert.deepEqual(await post().catch(() => first), await first);
    assert.equal(slack.server.messages.length, 1);
  });

  it('is free again after a call that was refused', async () => {
    const { id: projectId } = await buildProject(system.app, caller);
    const key = randomUUID();
    await assertRefused(createTask(caller, { projectId: randomUUID(), title: 'T' }, key), 'validation');
    await createTask(caller, { projectId, title: 'T' }, key);
    assert.deepEqual(await listTaskTitles(system.app, caller, projectId), ['T']);
  });
});
