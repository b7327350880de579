import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { z } from 'zod';
import { complete, type GatewayReply } from '#runtime/ai/gateway.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildMember } from '../builders/build-member.js';
import { buildModelCall } from '../builders/build-model-call.js';
import {
  buildModelOrganization,
  buildScriptedModel,
  chooseModels,
  connectModels,
  listModelCalls,
  type ModelOrganization,
} from '../builders/build-models.js';
import { openApplicationRole, openOwner } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

const Said = z.object({ prompt: z.unknown(), reply: z.unknown(), parameters: z.unknown() });

describe('the log of calls', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  let organization: ModelOrganization;
  before(async () => {
    system = await testSystem();
    owner = openOwner(system.stack);
  });
  beforeEach(async () => {
    organization = await buildModelOrganization(system.app);
  });

  const reply = { text: 'Write to jane.doe@example.com.', usage: { inputTokens: 10, outputTokens: 5 } };
  const asked = 'I am jane.doe@example.com, and my key is sk-proj-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg';

  async function choose(of = organization): Promise<void> {
    const model = await buildScriptedModel(system.app, of.caller, 'openai', { rules: [{ reply }] });
    const connectionId = await connectModels(system.app, of.caller, 'openai');
    await chooseModels(system.app, of.caller, [{ connectionId, model }]);
  }

  function ask(text = asked, of = organization): Promise<GatewayReply> {
    const request = { messages: [{ role: 'user' as const, text }], temperature: 0.5 };
    const { signal } = new AbortController();
    return complete(system.app.services, of.use, request, { signal });
  }

  const show = async (id: string) =>
    Said.parse(await system.app.perform(organization.caller, 'ai_calls.get', { id }));
  const keep = (contentPolicy: string) =>
    system.app.perform(organization.caller, 'ai_settings.update', { contentPolicy });

  it('keeps all that was said where the organization wants that, also what is long', async () => {
    await choose();
    await keep('full');
    const long = `${asked} ${'word '.repeat(20_000)}`;
    for (const text of [asked, long]) {
      const said = await show((await ask(text)).callId);
      assert.deepEqual(said.prompt, [{ role: 'user', text }]);
      assert.deepEqual(said.reply, { text: reply.text, toolCalls: [], stopReason: 'end' });
      assert.deepEqual(said.parameters, { temperature: 0.5, maxOutputTokens: 1_000 });
    }
  });

  it('keeps neither secrets nor personal data unless it is said', async () => {
    await choose();
    const said = JSON.stringify(await show((await ask()).callId));
    assert.match(said, /I am .*, and my key is /);
    assert.doesNotMatch(said, /jane\.doe|sk-proj/);
  });

  it('keeps nothing of what was said where nothing is wanted', async () => {
    await choose();
    await keep('none');
    const { callId } = await ask();
    const { prompt, reply: answer } = await show(callId);
    assert.deepEqual([prompt, answer], [null, null]);
    const [row] = await owner`SELECT to_jsonb(c)::text AS text FROM ai_calls c WHERE id = ${callId}`;
    assert.doesNotMatch(String(row?.text), /jane|example/);
  });

  it('shows what others have asked to owners and admins only', async () => {
    await choose();
    const { callId } = await ask();
    for (const [role, mayList] of [
      ['manager', true],
      ['member', false],
      ['guest', false],
    ] as const) {
      const { caller } = await buildMember(system.app, organization, role);
      await assertRefused(system.app.perform(caller, 'ai_calls.get', { id: callId }), 'forbidden');
      const listed = listModelCalls(system.app, caller);
      if (mayList) assert.equal((await listed).length, 1);
      else await assertRefused(listed, 'forbidden');
    }
    const { caller } = await buildMember(system.app, organization, 'admin');
    await system.app.perform(caller, 'ai_calls.get', { id: callId });
  });

  it('is changed by nobody, nor shortened by the application', async () => {
    const id = await buildModelCall(system.app, organization);
    const role = openApplicationRole(system.stack);
    for (const statement of ['UPDATE ai_calls SET cost = 0', 'DELETE FROM ai_calls']) {
      const change = role.begin(async (sql) => {
        await sql`SELECT set_config('app.org_id', ${organization.orgId}, true)`;
        await sql.unsafe(`${statement} WHERE id = '${id}'`);
      });
      await assert.rejects(change, /permission denied/);
    }
  });

  it('is of one organization only', async () => {
    const other = await buildModelOrganization(system.app);
    await choose();
    await choose(other);
    const own = await ask();
    await ask('Theirs', other);
    assert.deepEqual(
      (await listModelCalls(system.app, organization.caller)).map(({ id }) => id),
      [own.callId],
    );
    await assertRefused(system.app.perform(other.caller, 'ai_calls.get', { id: own.callId }), 'not_found');
  });

  it('is narrowed by all that a call is known by, and read page by page', async () => {
    const { orgId, caller } = organization;
    const person = await buildMember(system.app, { orgId }, 'member');
    const run = '01980000-0000-7000-8000-000000000001';
    const mine = await buildModelCall(system.app, organization, { runId: run, outcome: 'cancelled' });
    const theirs = await buildModelCall(
      system.app,
      { orgId, userId: person.userId },
      { provider: 'anthropic' },
    );
    const old = await buildModelCall(system.app, organization, { createdAt: '2026-01-02T00:00:00Z' });
    const found = async (filter: object) =>
      (await listModelCalls(system.app, caller, filter)).map(({ id }) => id);
    assert.deepEqual(await found({}), [old, mine, theirs]);
    assert.deepEqual(await found({ userId: person.userId }), [theirs]);
    assert.deepEqual(await found({ principalId: person.userId, principalKind: 'user' }), [theirs]);
    assert.deepEqual(await found({ runId: run }), [mine]);
    assert.deepEqual(await found({ provider: 'anthropic' }), [theirs]);
    assert.deepEqual(await found({ outcome: 'cancelled' }), [mine]);
    assert.deepEqual(await found({ departmentId: 'none', agentId: 'none' }), [old, mine, theirs]);
    assert.deepEqual(await found({ to: '2026-01-03T00:00:00Z' }), [old]);
    assert.deepEqual(await found({ from: '2026-01-03T00:00:00Z', purpose: 'chat' }), [mine, theirs]);
    const Page = z.object({ items: z.array(z.object({ id: z.uuid() })), nextCursor: z.string().nullable() });
    const first = Page.parse(await system.app.perform(caller, 'ai_calls.list', { limit: 2 }));
    const { nextCursor: cursor } = first;
    const second = Page.parse(await system.app.perform(caller, 'ai_calls.list', { limit: 2, cursor }));
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      [theirs, mine, old],
    );
    assert.equal(second.nextCursor, null);
  });
});
