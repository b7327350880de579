import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { clientsOf, createTaskSchema, startWithClients } from './testing/clients.js';

const tools: ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'tasks_create', description: 'Adds a task.', parameters: createTaskSchema },
  },
];

describe("OpenAI's client", () => {
  let started: Awaited<ReturnType<typeof startWithClients>>;

  before(async () => {
    started = await startWithClients();
    started.simulator.putScript({
      name: 'tea',
      rules: [
        {
          when: { lastUser: 'two tasks', toolResult: false },
          reply: { toolCalls: [task('Buy tea'), task('Boil water')] },
        },
        { when: { toolResult: 'tasks_create' }, reply: { text: 'Made: {{lastResult}}' } },
        { when: { lastUser: 'count' }, reply: { text: 'one two three four five six' } },
      ],
      otherwise: { text: 'Tea is ready, {{lastUser}}.' },
    });
  });
  afterEach(() => started.simulator.forget());
  after(() => started.simulator.close());

  it('gets an answer with its usage and the id of the request', async () => {
    const answer = await ask('Ada');
    assert.equal(answer.choices[0]?.message.content, 'Tea is ready, Ada.');
    assert.equal(answer.choices[0]?.finish_reason, 'stop');
    assert.deepEqual([answer.usage?.prompt_tokens, answer.usage?.completion_tokens], [5, 6]);
    assert.match(answer._request_id ?? '', /^req_/);
  });

  it('streams an answer word by word, with usage at the end', async () => {
    const stream = await started.openai.chat.completions.create({
      ...asked('Ada'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const words: string[] = [];
    let tokens: number | undefined;
    for await (const chunk of stream) {
      const word = chunk.choices[0]?.delta.content;
      if (word) words.push(word);
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    assert.deepEqual(words, ['Tea', ' is', ' ready,', ' Ada.']);
    assert.equal(tokens, 11);
  });

  it('is told of parallel calls of tools, and goes on with their results', async () => {
    const first = await started.openai.chat.completions.create({ ...asked('Make two tasks'), tools });
    const message = first.choices[0]?.message;
    assert.equal(first.choices[0]?.finish_reason, 'tool_calls');
    const titles = message?.tool_calls?.map((call) => call.type === 'function' && call.function.arguments);
    assert.deepEqual(titles, ['{"title":"Buy tea"}', '{"title":"Boil water"}']);
    assert.ok(message?.tool_calls);
    const second = await started.openai.chat.completions.create({
      model: 'scripted:tea',
      tools,
      messages: [
        { role: 'user', content: 'Make two tasks' },
        message,
        ...message.tool_calls.map(({ id }, index) => ({
          role: 'tool' as const,
          tool_call_id: id,
          content: `task ${index + 1}`,
        })),
      ],
    });
    assert.equal(second.choices[0]?.message.content, 'Made: task 2');
  });

  it('puts streamed calls of tools together', async () => {
    const stream = started.openai.chat.completions.stream({ ...asked('Make two tasks'), tools });
    const calls = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(
      calls.map((call) => call.type === 'function' && call.function.arguments),
      ['{"title":"Buy tea"}', '{"title":"Boil water"}'],
    );
  });

  it('gets one call where several at once are not allowed, and none where none is', async () => {
    const one = await started.openai.chat.completions.create({
      ...asked('Make two tasks'),
      tools,
      parallel_tool_calls: false,
    });
    assert.equal(one.choices[0]?.message.tool_calls?.length, 1);
    const none = await started.openai.chat.completions.create({
      ...asked('Make two tasks'),
      tools,
      tool_choice: 'none',
    });
    assert.equal(none.choices[0]?.message.tool_calls, undefined);
    const forced = await started.openai.chat.completions.create({
      ...asked('Hello'),
      tools,
      tool_choice: 'required',
    });
    assert.equal(forced.choices[0]?.finish_reason, 'tool_calls');
  });

  it('keeps to limits and stops', async () => {
    const limited = await started.openai.chat.completions.create({
      ...asked('count'),
      max_completion_tokens: 2,
    });
    assert.deepEqual(
      [limited.choices[0]?.message.content, limited.choices[0]?.finish_reason],
      ['one two', 'length'],
    );
    const stopped = await started.openai.chat.completions.create({ ...asked('count'), stop: [' three'] });
    assert.deepEqual(
      [stopped.choices[0]?.message.content, stopped.choices[0]?.finish_reason],
      ['one two', 'stop'],
    );
  });

  it('lists models', async () => {
    const ids = (await started.openai.models.list()).data.map(({ id }) => id);
    assert.deepEqual(ids, ['demo', 'gullible', 'looping', 'scripted:tea', 'demo-embedding']);
    assert.equal((await started.openai.models.retrieve('demo')).owned_by, 'simulator');
  });

  it('gets vectors of the wanted length, the same as floats and as Base64', async () => {
    const input = ['The invoice is overdue', 'Lunch at noon'];
    const given = { model: 'demo-embedding', input, dimensions: 64 };
    const packed = await started.openai.embeddings.create(given);
    const floats = await started.openai.embeddings.create({ ...given, encoding_format: 'float' });
    assert.deepEqual(
      packed.data.map(({ embedding }) => embedding.length),
      [64, 64],
    );
    const difference = packed.data[0]?.embedding.map((value, at) =>
      Math.abs(value - (floats.data[0]?.embedding[at] ?? 9)),
    );
    assert.ok(Math.max(...(difference ?? [9])) < 1e-6);
    assert.equal(packed.usage.total_tokens, 9);
  });

  it('is refused by the documented errors', async () => {
    const wrongKey = clientsOf(started.simulator, 'sk-wrong').openai;
    await assert.rejects(wrongKey.models.list(), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError);
      assert.equal(error.code, 'invalid_api_key');
      return true;
    });
    await assert.rejects(
      started.openai.chat.completions.create({ ...asked('x'), model: 'gpt-0' }),
      (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found',
    );
    await assert.rejects(
      started.openai.chat.completions.create({ ...asked('x'), temperature: 3 }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === 'temperature',
    );
    await assert.rejects(
      started.openai.chat.completions.create({
        model: 'demo',
        messages: [{ role: 'tool', tool_call_id: 'call_1', content: 'x' }],
      }),
      (error) => error instanceof OpenAI.BadRequestError && /preceeding message/.test(error.message),
    );
    await assert.rejects(
      started.openai.chat.completions.create({
        ...asked('x'),
        tools: [{ type: 'function', function: { name: 'tasks.create' } }],
      }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === 'tools[0].function.name',
    );
  });

  it('meets failures so often as they were ordered, then an answer', async () => {
    started.simulator.failNext(1, { kind: 'rate_limited', retryAfterSeconds: 7 });
    await assert.rejects(ask('Ada'), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.headers.get('retry-after'), '7');
      return true;
    });
    started.simulator.failNext(1, { kind: 'server_error' });
    await assert.rejects(
      ask('Ada'),
      (error) => error instanceof OpenAI.InternalServerError && error.status === 500,
    );
    started.simulator.failNext(1, { kind: 'overloaded' });
    await assert.rejects(
      ask('Ada'),
      (error) => error instanceof OpenAI.InternalServerError && error.status === 503,
    );
    started.simulator.failNext(1, { kind: 'context_length' });
    await assert.rejects(
      ask('Ada'),
      (error) => error instanceof OpenAI.BadRequestError && error.code === 'context_length_exceeded',
    );
    started.simulator.failNext(1, { kind: 'malformed_json', where: 'body' });
    await assert.rejects(ask('Ada'), SyntaxError);
    started.simulator.failNext(1, { kind: 'cut_stream' });
    await assert.rejects(ask('Ada'));
    assert.equal((await ask('Ada')).choices[0]?.message.content, 'Tea is ready, Ada.');
  });

  it('is told of a refusal, and of arguments that are no JSON', async () => {
    started.simulator.failNext(1, { kind: 'refusal', text: 'No.' });
    const refused = (await ask('Ada')).choices[0]?.message;
    assert.deepEqual([refused?.content, refused?.refusal], [null, 'No.']);
    started.simulator.failNext(1, { kind: 'malformed_json', where: 'arguments' });
    const broken = await started.openai.chat.completions.create({ ...asked('Make two tasks'), tools });
    const call = broken.choices[0]?.message.tool_calls?.[0];
    assert.throws(() => JSON.parse(call?.type === 'function' ? call.function.arguments : '{}'), SyntaxError);
  });

  it('sees a stream end in the midst, with an error or with broken JSON', async () => {
    const kinds = [
      { kind: 'cut_stream', afterChunks: 2 },
      { kind: 'stream_error', afterChunks: 2 },
      { kind: 'malformed_json', where: 'body' },
    ] as const;
    for (const failure of kinds) {
      started.simulator.failNext(1, failure);
      const stream = await started.openai.chat.completions.create({ ...asked('Ada'), stream: true });
      const words: string[] = [];
      await assert.rejects(async () => {
        for await (const chunk of stream) words.push(chunk.choices[0]?.delta.content ?? '');
      }, failure.kind);
      assert.deepEqual(words.slice(0, 2), ['', 'Tea'], failure.kind);
    }
  });

  it('goes, and the server knows it within a second', async () => {
    for (const failure of [{ kind: 'hang' }, { kind: 'slow', betweenChunksMs: 5_000 }] as const) {
      started.simulator.failNext(1, failure);
      const leaving = new AbortController();
      const call = started.openai.chat.completions.create(
        { ...asked('Ada'), stream: true },
        { signal: leaving.signal },
      );
      const ended = assert.rejects(async () => {
        for await (const _chunk of await call);
      });
      await started.simulator.until((requests) =>
        requests.some(({ state, model }) => state === 'in_flight' && model),
      );
      const leftAt = Date.now();
      leaving.abort();
      await started.simulator.until((requests) => requests.every(({ state }) => state === 'cancelled'));
      assert.ok((started.simulator.requests.at(-1)?.endedAt ?? Number.NaN) - leftAt < 1_000);
      assert.equal(started.simulator.inFlight, 0);
      await ended;
      started.simulator.forget();
    }
  });

  function asked(content: string) {
    return { model: 'scripted:tea', messages: [{ role: 'user' as const, content }] };
  }

  function ask(content: string) {
    return started.openai.chat.completions.create(asked(content));
  }

  function task(title: string) {
    return { name: 'tasks_create', arguments: { title } };
  }
});
