import assert from 'node:assert/strict';
import type { ErrorCode } from '#core/errors.js';
import { complete, type GatewayReply, type TextPart } from '#runtime/ai/gateway.js';
import type { FailureInput } from '#stack/simulator/script.js';
import type { RunningSimulator } from '#stack/simulator/start-simulator.js';
import { assertRefused } from '../builders/assert-refused.js';
import {
  buildBudget,
  buildModelOrganization,
  buildScriptedModel,
  chooseModels,
  connectModels,
  listModelCalls,
  listSpendingOf,
  type ModelOrganization,
  type ModelProviderName,
  testModels,
} from '../builders/build-models.js';
import { type TestSystem, testSystem } from '../system.js';

const messages = [{ role: 'user' as const, text: 'Tell me of the sea' }];
const text = 'The sea is wide and deep, and nobody has seen the whole of it yet.';
/** By `testPrice`: 100 tokens of input and 20 of output. */
const usage = { inputTokens: 100, outputTokens: 20 };
const costMinor = (100 * 1_000 + 20 * 10_000) / 1_000_000;

interface Case {
  name: string;
  failure: FailureInput;
  code: ErrorCode;
  /** Another provider may do better. */
  fallsBack: boolean;
  /** By whose protocol it has begun to answer, so that what it can have used is paid. */
  isPaid?: readonly ModelProviderName[];
  retryAfterMs?: number;
}

const both = ['openai', 'anthropic'] as const;

const cases: readonly Case[] = [
  {
    name: '429 with Retry-After',
    failure: { kind: 'rate_limited', retryAfterSeconds: 7 },
    code: 'limit_exceeded',
    fallsBack: true,
    retryAfterMs: 7_000,
  },
  { name: '500', failure: { kind: 'server_error' }, code: 'provider_unavailable', fallsBack: true },
  { name: 'overload', failure: { kind: 'overloaded' }, code: 'provider_unavailable', fallsBack: true },
  {
    name: 'a stream that is cut',
    failure: { kind: 'cut_stream', afterChunks: 5 },
    code: 'provider_unavailable',
    fallsBack: true,
    isPaid: both,
  },
  {
    name: 'a stream that is cut before its first word',
    failure: { kind: 'cut_stream', afterChunks: 0 },
    code: 'provider_unavailable',
    fallsBack: true,
  },
  {
    name: 'an error within the stream',
    failure: { kind: 'stream_error', afterChunks: 5 },
    code: 'provider_unavailable',
    fallsBack: true,
    isPaid: both,
  },
  {
    name: 'a chunk that is no JSON',
    failure: { kind: 'malformed_json', where: 'body' },
    code: 'provider_unavailable',
    fallsBack: true,
    isPaid: ['openai'],
  },
  {
    name: 'a conversation that is too long',
    failure: { kind: 'context_length' },
    code: 'validation',
    fallsBack: false,
  },
];

for (const provider of both) {
  describe(`a model by the protocol of ${provider}`, () => {
    let system: TestSystem;
    let simulator: RunningSimulator;
    let organization: ModelOrganization;
    let connectionId: string;

    beforeEach(async () => {
      system = await testSystem();
      simulator = await testModels();
      organization = await buildModelOrganization(system.app);
      connectionId = await connectModels(system.app, organization.caller, provider);
    });

    /** Makes a model that fails, or answers, and chooses it; with another one behind it that answers. */
    async function choose(failure: FailureInput | undefined, hasNext = false): Promise<void> {
      const { app } = system;
      const { caller } = organization;
      const reply = { text, usage, ...(failure && { failure }) };
      const first = await buildScriptedModel(app, caller, provider, { rules: [{ reply }] });
      const chain = [{ connectionId, model: first }];
      if (hasNext) {
        const answering = { rules: [{ reply: { text: 'The other answers.', usage } }] };
        const model = await buildScriptedModel(app, caller, 'openai_compatible', answering);
        chain.push({ connectionId: await connectModels(app, caller, 'openai_compatible'), model });
      }
      await chooseModels(app, caller, chain);
    }

    function ask(
      parts: TextPart[] = [],
      signal: AbortSignal = new AbortController().signal,
    ): Promise<GatewayReply> {
      const request = { messages, maxOutputTokens: 500 };
      return complete(system.app.services, organization.use, request, {
        signal,
        onText: (part) => parts.push(part),
      });
    }

    const calls = () => listModelCalls(system.app, organization.caller);

    it('answers bit by bit, and is charged what it says it has used', async () => {
      await choose(undefined);
      const parts: TextPart[] = [];
      const reply = await ask(parts);
      assert.equal(reply.text, text);
      assert.equal(reply.stopReason, 'end');
      assert.ok(parts.length > 3);
      assert.equal(parts.map((part) => ('text' in part ? part.text : '')).join(''), text);
      const [call] = await calls();
      assert.deepEqual(
        { ...call, firstTokenMs: null },
        {
          id: reply.callId,
          provider,
          model: reply.model,
          outcome: 'succeeded',
          costMinor,
          isEstimated: false,
          ...usage,
          firstTokenMs: null,
        },
      );
      assert.ok(call?.firstTokenMs !== null);
    });

    for (const { name, failure, code, fallsBack, isPaid = [], retryAfterMs } of cases) {
      it(`turns ${name} into ${code}, and writes down what it can have cost`, async () => {
        await choose(failure);
        const budget = { budgetId: await buildBudget(system.app, organization.caller, {}) };
        const error = await assertRefused(ask(), code);
        if (retryAfterMs !== undefined) assert.equal(error.retryAfterMs, retryAfterMs);
        if (code === 'validation') assert.equal(error.issues[0]?.path, 'messages');
        const [call, ...others] = await calls();
        assert.deepEqual(others, []);
        assert.equal(call?.outcome, code);
        assert.equal(call?.isEstimated, true);
        assert.equal((call?.costMinor ?? 0) > 0, isPaid.includes(provider));
        const [spending] = await listSpendingOf(system.app, organization.caller, budget);
        assert.equal(spending?.spentMinor, call?.costMinor);
        assert.equal(spending?.reservedMinor, 0);
      });

      it(`${fallsBack ? 'asks the next model after' : 'asks no other model after'} ${name}`, async () => {
        await choose(failure, true);
        const parts: TextPart[] = [];
        if (!fallsBack) {
          await assertRefused(ask(parts), code);
          assert.equal((await calls()).length, 1);
          return;
        }
        const reply = await ask(parts);
        assert.equal(reply.text, 'The other answers.');
        const restart = parts.findIndex((part) => 'restart' in part);
        const said = parts.slice(restart + 1).map((part) => ('text' in part ? part.text : ''));
        assert.equal(said.join(''), reply.text, 'what the first one said is void');
        assert.deepEqual(
          (await calls()).map((call) => [call.provider, call.outcome]),
          [
            [provider, code],
            ['openai_compatible', 'succeeded'],
          ],
        );
      });
    }

    it('hands a refusal on as what it is', async () => {
      await choose({ kind: 'refusal', text: 'I will not.' });
      const { stopReason, text: said } = await ask();
      assert.equal(stopReason, 'refusal');
      assert.equal(said, 'I will not.');
      assert.equal((await calls())[0]?.outcome, 'succeeded');
    });

    it('hands arguments that are no JSON on as the model wrote them', async () => {
      const reply = {
        toolCalls: [{ name: 'look_up', arguments: { word: 'sea' } }],
        failure: { kind: 'malformed_json' as const, where: 'arguments' as const },
      };
      const { caller } = organization;
      const model = await buildScriptedModel(system.app, caller, provider, { rules: [{ reply }] });
      const tools = [
        { name: 'look_up', description: 'Looks a word up', inputSchema: { type: 'object' as const } },
      ];
      const request = { messages, tools, model: { connectionId, model } };
      const signal = new AbortController().signal;
      const { toolCalls, stopReason } = await complete(system.app.services, organization.use, request, {
        signal,
      });
      assert.equal(stopReason, 'tool_calls');
      assert.equal(toolCalls[0]?.name, 'look_up');
      assert.throws(() => JSON.parse(toolCalls[0]?.arguments ?? '{}'), SyntaxError);
    });

    it('waits for one that is slow', async () => {
      await choose({ kind: 'slow', firstTokenMs: 150, betweenChunksMs: 5 });
      assert.equal((await ask()).text, text);
      const [call] = await calls();
      assert.ok((call?.firstTokenMs ?? 0) >= 140, `the first word came after ${call?.firstTokenMs} ms`);
    });

    for (const [name, failure] of [
      ['hangs', { kind: 'hang' }],
      ['is in the midst of its answer', { kind: 'slow', betweenChunksMs: 5_000 }],
    ] as const) {
      it(`ends its call within a second when who asked gives up while it ${name}`, async () => {
        await choose(failure);
        const controller = new AbortController();
        const asked = ask([], controller.signal);
        const [first] = await chosen();
        assert.ok(first);
        const own = (requests: RunningSimulator['requests']) =>
          requests.find(({ model }) => model === first.model);
        await simulator.until(
          (requests) =>
            own(requests) !== undefined && (failure.kind === 'hang' || (own(requests)?.chunks ?? 0) > 0),
        );
        const abandoned = Date.now();
        controller.abort(new Error('gave up'));
        await assert.rejects(asked, /gave up/);
        await simulator.until((requests) => own(requests)?.state === 'cancelled');
        assert.ok(Date.now() - abandoned < 1_000);
        const [call] = await calls();
        assert.equal(call?.outcome, 'cancelled');
        assert.ok((call?.costMinor ?? 0) > 0, 'the provider may have worked on it');
      });
    }

    async function chosen(): Promise<{ model: string }[]> {
      const { items } = (await system.app.perform(organization.caller, 'ai_choices.list', {})) as {
        items: { purpose: string; models: { model: string }[] }[];
      };
      return items.find(({ purpose }) => purpose === 'chat')?.models ?? [];
    }

    it('is passed over when it does not take the key, which the connection then tells', async () => {
      await choose(undefined, true);
      const wrong = { id: connectionId, secret: { apiKey: 'sk-withdrawn' } };
      await system.app.perform(organization.caller, 'connections.update', wrong);
      assert.equal((await ask()).text, 'The other answers.');
      const shown = await system.app.perform(organization.caller, 'connections.get', { id: connectionId });
      assert.ok(typeof shown === 'object' && shown !== null && 'status' in shown);
      assert.equal(shown.status, 'credentials_expired');
    });

    it('is asked again once its key is right again', async () => {
      await choose(undefined);
      const put = (apiKey: string) =>
        system.app.perform(organization.caller, 'connections.update', {
          id: connectionId,
          secret: { apiKey },
        });
      await put('sk-withdrawn');
      await assertRefused(ask(), 'credentials_expired');
      await put('sk-key-of-models-in-tests');
      assert.equal((await ask()).text, text);
    });
  });
}
