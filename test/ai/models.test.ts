import assert from 'node:assert/strict';
import { z } from 'zod';
import type { ModelPurpose } from '#core/ai/model.js';
import { complete } from '#runtime/ai/gateway.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildSlackConnection } from '../builders/build-connection.js';
import {
  buildModelOrganization,
  buildScriptedModel,
  chooseModels,
  connectModels,
  listModelCalls,
  type ModelOrganization,
  testModels,
  testPrice,
} from '../builders/build-models.js';
import { listEvents } from '../builders/list-events.js';
import { openSystem, type TestSystem, testSystem } from '../system.js';

const Models = z.object({
  items: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      isOwn: z.boolean(),
      isKnown: z.boolean(),
      price: z.object({ input: z.number() }),
      connections: z.array(z.object({ id: z.string().nullable() })),
    }),
  ),
  nextCursor: z.string().nullable(),
});
const Choices = z.object({
  items: z.array(
    z.object({
      purpose: z.string(),
      isDemo: z.boolean(),
      models: z.array(z.object({ model: z.string(), provider: z.string(), isGone: z.boolean() })),
    }),
  ),
});
const Tested = z.object({
  isWorking: z.boolean(),
  latencyMs: z.int(),
  answer: z.object({ text: z.string().nullable(), costMinor: z.number(), callId: z.uuid() }).nullable(),
  problem: z.object({ code: z.string() }).nullable(),
});

const facts = {
  title: 'Own',
  contextTokens: 8_000,
  maxOutputTokens: 1_000,
  abilities: ['chat'],
  price: testPrice,
};
const answering = {
  rules: [{ reply: { text: 'Hello to you.', usage: { inputTokens: 10, outputTokens: 4 } } }],
};

describe('language models', () => {
  let system: TestSystem;
  let organization: ModelOrganization;
  before(async () => {
    system = await testSystem();
  });
  beforeEach(async () => {
    organization = await buildModelOrganization(system.app);
  });

  const perform = (action: string, input: object = {}) =>
    system.app.perform(organization.caller, action, input);
  const list = async (input: object = {}) =>
    Models.parse(await perform('ai_models.list', { limit: 200, ...input })).items;
  const find = async (provider: string, model: string) =>
    (await list()).find((one) => one.provider === provider && one.model === model);
  const choose = (purpose: ModelPurpose, models: object[]) => perform('ai_choices.set', { purpose, models });
  const chosen = async (purpose: ModelPurpose) =>
    Choices.parse(await perform('ai_choices.list')).items.find((one) => one.purpose === purpose);
  const ask = () =>
    complete(
      system.app.services,
      organization.use,
      { messages: [{ role: 'user', text: 'Hello' }] },
      { signal: new AbortController().signal },
    );

  it('that are known can be priced anew, and be as they were again', async () => {
    const known = await find('openai', 'gpt-5');
    assert.deepEqual([known?.isOwn, known?.isKnown], [false, true]);
    await perform('ai_models.set', { provider: 'openai', model: 'gpt-5', ...facts });
    const own = await find('openai', 'gpt-5');
    assert.deepEqual([own?.isOwn, own?.isKnown, own?.price.input], [true, true, testPrice.input]);
    await perform('ai_models.reset', { provider: 'openai', model: 'gpt-5' });
    assert.deepEqual(await find('openai', 'gpt-5'), known);
    await assertRefused(perform('ai_models.reset', { provider: 'openai', model: 'gpt-5' }), 'not_found');
  });

  it('are listed page by page with the connections that reach them', async () => {
    const connectionId = await connectModels(system.app, organization.caller, 'anthropic');
    const all = await list();
    const pages = [];
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
      const page: z.output<typeof Models> = Models.parse(
        await perform('ai_models.list', { limit: 4, ...(cursor !== null && { cursor }) }),
      );
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    assert.deepEqual(pages, all);
    for (const { provider, connections } of all)
      assert.deepEqual(connections, provider === 'anthropic' ? [{ id: connectionId }] : []);
    assert.ok((await list({ ability: 'embed' })).length < all.length);
  });

  it('that do not fit are refused by the field', async () => {
    const set = (given: object) =>
      perform('ai_models.set', { provider: 'openai', model: 'own', ...facts, ...given });
    await assertRefused(set({ provider: 'slack' }), 'validation', 'provider');
    await assertRefused(set({ maxOutputTokens: 9_000 }), 'validation', 'maxOutputTokens');
    await assertRefused(set({ maxOutputTokens: 0 }), 'validation', 'maxOutputTokens');
    await assertRefused(set({ abilities: ['chat', 'chat'] }), 'validation', 'abilities');
    await assertRefused(set({ price: { ...testPrice, input: -1 } }), 'validation', 'price.input');
  });

  it('are chosen by connection and name, for what they can do', async () => {
    const { caller } = organization;
    const connectionId = await connectModels(system.app, caller, 'openai');
    const slack = await buildSlackConnection(system.app, caller, 'http://127.0.0.1:9/api/');
    const gpt = { connectionId, model: 'gpt-5' };
    await choose('chat', [gpt, { connectionId, model: 'gpt-5-mini' }]);
    assert.deepEqual(
      (await chosen('chat'))?.models.map(({ model }) => model),
      ['gpt-5', 'gpt-5-mini'],
    );
    await assertRefused(choose('chat', [{ ...gpt, model: 'nobody-knows' }]), 'validation', 'models.0.model');
    await assertRefused(choose('embed', [gpt]), 'validation', 'models.0.model');
    await assertRefused(
      choose('chat', [gpt, { connectionId: slack.id, model: 'gpt-5' }]),
      'validation',
      'models.1.connectionId',
    );
    await assertRefused(choose('chat', [gpt, gpt]), 'validation', 'models.1');
    const many = ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o'];
    await assertRefused(
      choose(
        'chat',
        many.map((model) => ({ connectionId, model })),
      ),
      'validation',
      'models',
    );
    await assertRefused(
      choose('chat', [{ connectionId: null, model: 'demo' }]),
      'validation',
      'models.0.model',
    );
    await choose('embed', [{ connectionId, model: 'text-embedding-3-small' }]);
    await Promise.all([choose('chat', [gpt]), choose('chat', [{ ...gpt, model: 'gpt-4o' }])]);
    assert.equal((await chosen('chat'))?.models.length, 1);
  });

  it('that are chosen are not forgotten, nor told unable', async () => {
    const connectionId = await connectModels(system.app, organization.caller, 'openai');
    const own = { provider: 'openai', model: 'own' };
    await perform('ai_models.set', { ...own, ...facts });
    await choose('chat', [{ connectionId, model: 'own' }]);
    await assertRefused(perform('ai_models.reset', own), 'conflict');
    const unable = { ...own, ...facts, abilities: ['embed'] };
    await assertRefused(perform('ai_models.set', unable), 'conflict');
    await choose('chat', []);
    await perform('ai_models.reset', own);
  });

  it('are passed over while their connection is deleted, and asked again when it is back', async () => {
    const { caller } = organization;
    const first = await connectModels(system.app, caller, 'openai');
    const second = await connectModels(system.app, caller, 'anthropic');
    const chain = [
      { connectionId: first, model: await buildScriptedModel(system.app, caller, 'openai', answering) },
      { connectionId: second, model: await buildScriptedModel(system.app, caller, 'anthropic', answering) },
    ];
    await chooseModels(system.app, caller, chain);
    assert.equal((await ask()).provider, 'openai');
    await perform('connections.delete', { id: first });
    assert.equal((await ask()).provider, 'anthropic');
    assert.deepEqual(
      (await chosen('chat'))?.models.map(({ isGone }) => isGone),
      [true, false],
    );
    await perform('connections.delete', { id: second });
    await assertRefused(ask(), 'validation', 'model');
    await perform('connections.restore', { id: first });
    assert.equal((await ask()).provider, 'openai');
  });

  it('are tried with a few words, which count as every call does', async () => {
    const { caller } = organization;
    const connectionId = await connectModels(system.app, caller, 'openai');
    const model = await buildScriptedModel(system.app, caller, 'openai', answering);
    const tested = Tested.parse(await perform('ai_models.test', { connectionId, model }));
    assert.deepEqual([tested.isWorking, tested.problem], [true, null]);
    assert.equal(tested.answer?.text, 'Hello to you.');
    assert.equal(tested.answer.costMinor, 0.05);
    const [call] = await listModelCalls(system.app, caller);
    assert.equal(call?.id, tested.answer.callId);
    (await testModels()).failNext(1, { kind: 'server_error' }, model);
    const failed = Tested.parse(await perform('ai_models.test', { connectionId, model }));
    assert.deepEqual([failed.isWorking, failed.problem?.code], [false, 'provider_unavailable']);
  });

  it('of the platform answer where nothing is chosen, unless the organization does not want that', async () => {
    const { openAiUrl } = await testModels();
    const demo = await openSystem({ DEMO_MODEL_URL: openAiUrl, DEMO_MODEL_KEY: 'sk-key-of-models-in-tests' });
    const other = await buildModelOrganization(demo.app);
    const greet = () =>
      complete(
        demo.app.services,
        other.use,
        { messages: [{ role: 'user', text: 'Hello' }] },
        { signal: new AbortController().signal },
      );
    assert.equal((await greet()).provider, 'demo_model');
    await demo.app.perform(other.caller, 'ai_settings.update', { allowsDemo: false });
    await assertRefused(greet(), 'validation', 'model');
    await demo.app.perform(other.caller, 'ai_settings.update', { allowsDemo: true });
    // What was chosen and is gone is not replaced by what nobody chose.
    const connectionId = await connectModels(demo.app, other.caller, 'openai');
    await chooseModels(demo.app, other.caller, [{ connectionId, model: 'gpt-5' }]);
    await demo.app.perform(other.caller, 'connections.delete', { id: connectionId });
    await assertRefused(greet(), 'validation', 'model');
  });

  it('are switched off with their module', async () => {
    await perform('flags.set', { name: 'ai', isOn: false });
    await assertRefused(perform('ai_models.list'), 'module_off');
  });

  it('have agents that are stopped and resumed once, however often it is asked', async () => {
    const Settings = z.object({
      agentsStoppedAt: z.string().nullable(),
      agentsStoppedBy: z.uuid().nullable(),
    });
    const stops = await Promise.all([perform('ai_settings.stop_agents'), perform('ai_settings.stop_agents')]);
    const [one, other] = stops.map((stopped) => Settings.parse(stopped));
    assert.deepEqual(one, other);
    assert.equal(one?.agentsStoppedBy, organization.userId);
    await perform('ai_settings.resume_agents');
    await perform('ai_settings.resume_agents');
    const shown = Settings.parse(await perform('ai_settings.get'));
    assert.deepEqual(shown, { agentsStoppedAt: null, agentsStoppedBy: null });
    const told = await listEvents(system.app, organization.orgId, organization.orgId);
    assert.deepEqual(
      told.map(({ type }) => type).filter((type) => type.startsWith('ai.')),
      ['ai.agents_stopped', 'ai.agents_resumed'],
    );
  });
});
