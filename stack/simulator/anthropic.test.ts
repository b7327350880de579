import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { clientsOf, createTaskSchema, startWithClients } from './testing/clients.js';

const tools = [{ name: 'tasks_create', description: 'Adds a task.', input_schema: createTaskSchema }];

describe("Anthropic's client", () => {
  let started: Awaited<ReturnType<typeof startWithClients>>;

  before(async () => {
    started = await startWithClients();
    started.simulator.putScript({
      name: 'tea',
      rules: [
        {
          when: { lastUser: 'two tasks', toolResult: false },
          reply: { text: 'I make them.', toolCalls: [task('Buy tea'), task('Boil water')] },
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
    assert.deepEqual(answer.content[0]?.type === 'text' && answer.content[0].text, 'Tea is ready, Ada.');
    assert.equal(answer.stop_reason, 'end_turn');
    assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [5, 6]);
    assert.match(answer._request_id ?? '', /^req_/);
  });

  it('streams an answer in the documented order of events', async () => {
    const stream = await started.anthropic.messages.create({ ...asked('Ada'), stream: true });
    const events: string[] = [];
    for await (const event of stream) events.push(event.type);
    const deltas = Array.from({ length: 4 }, () => 'content_block_delta');
    assert.deepEqual(events, [
      'message_start',
      'content_block_start',
      ...deltas,
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const whole = await started.anthropic.messages.stream(asked('Ada')).finalMessage();
    assert.deepEqual([whole.usage.input_tokens, whole.usage.output_tokens], [5, 6]);
  });

  it('is told of parallel uses of tools, streamed or not, and goes on with their results', async () => {
    const first = await started.anthropic.messages.create({ ...asked('Make two tasks'), tools });
    const streamed = await started.anthropic.messages
      .stream({ ...asked('Make two tasks'), tools })
      .finalMessage();
    for (const { content, stop_reason } of [first, streamed]) {
      assert.equal(stop_reason, 'tool_use');
      assert.deepEqual(
        content.map((block) => block.type),
        ['text', 'tool_use', 'tool_use'],
      );
      const inputs = content.flatMap((block) => (block.type === 'tool_use' ? [block.input] : []));
      assert.deepEqual(inputs, [{ title: 'Buy tea' }, { title: 'Boil water' }]);
    }
    const results = first.content.flatMap((block) =>
      block.type === 'tool_use'
        ? [
            {
              type: 'tool_result' as const,
              tool_use_id: block.id,
              content: `made ${JSON.stringify(block.input)}`,
            },
          ]
        : [],
    );
    const second = await started.anthropic.messages.create({
      model: 'scripted:tea',
      max_tokens: 100,
      tools,
      messages: [
        { role: 'user', content: 'Make two tasks' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: results },
      ],
    });
    assert.deepEqual(textOf(second), 'Made: made {"title":"Boil water"}');
  });

  it('uses the tool that is asked for, with JSON that its schema allows', async () => {
    const answer = await started.anthropic.messages.create({
      ...asked('Call Ada by 2026-05-01'),
      model: 'demo',
      tools,
      tool_choice: { type: 'tool', name: 'tasks_create' },
    });
    const [block] = answer.content;
    assert.deepEqual(block?.type === 'tool_use' && block.input, {
      title: 'Call Ada by 2026-05-01',
      dueDate: '2026-05-01',
    });
  });

  it('keeps to limits and stops', async () => {
    const limited = await started.anthropic.messages.create({ ...asked('count'), max_tokens: 2 });
    assert.deepEqual([textOf(limited), limited.stop_reason], ['one two', 'max_tokens']);
    const stopped = await started.anthropic.messages.create({
      ...asked('count'),
      stop_sequences: [' three'],
    });
    assert.deepEqual(
      [textOf(stopped), stopped.stop_reason, stopped.stop_sequence],
      ['one two', 'stop_sequence', ' three'],
    );
  });

  it('writes a marked beginning to the cache, then reads it', async () => {
    const given = {
      ...asked('Ada'),
      system: [
        {
          type: 'text' as const,
          text: 'You make tea, and nothing else.',
          cache_control: { type: 'ephemeral' as const },
        },
      ],
    };
    const first = (await started.anthropic.messages.create(given)).usage;
    const second = (await started.anthropic.messages.create(given)).usage;
    assert.ok(Number(first.cache_creation_input_tokens) > 0);
    assert.equal(first.cache_read_input_tokens, 0);
    assert.equal(second.cache_read_input_tokens, first.cache_creation_input_tokens);
    assert.equal(second.cache_creation_input_tokens, 0);
  });

  it('counts tokens as a call does, and lists models', async () => {
    const { model, messages } = asked('Ada');
    const counted = await started.anthropic.messages.countTokens({ model, messages, tools });
    const called = await started.anthropic.messages.create({ ...asked('Ada'), tools });
    assert.equal(counted.input_tokens, called.usage.input_tokens);
    const models = await started.anthropic.models.list();
    assert.deepEqual(models.data[0]?.display_name, 'Demo model');
    assert.equal((await started.anthropic.models.retrieve('demo')).type, 'model');
  });

  it('is refused by the documented errors', async () => {
    await assert.rejects(
      clientsOf(started.simulator, 'sk-wrong').anthropic.messages.create(asked('x')),
      (error) => error instanceof Anthropic.AuthenticationError && error.type === 'authentication_error',
    );
    await assert.rejects(
      started.anthropic.messages.create({ ...asked('x'), model: 'claude-0' }),
      (error) => error instanceof Anthropic.NotFoundError && error.type === 'not_found_error',
    );
    await assert.rejects(
      started.anthropic.messages.create({ ...asked('x'), max_tokens: 0 }),
      (error) => error instanceof Anthropic.BadRequestError && /max_tokens/.test(error.message),
    );
    await assert.rejects(
      started.anthropic.messages.create({
        ...asked('x'),
        messages: [
          { role: 'user', content: 'x' },
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 'toolu_1', name: 'tasks_create', input: {} }],
          },
          { role: 'user', content: 'and?' },
        ],
      }),
      (error) =>
        error instanceof Anthropic.BadRequestError && /without `tool_result` blocks/.test(error.message),
    );
  });

  it('meets each failure in its documented shape', async () => {
    started.simulator.failNext(1, { kind: 'rate_limited', retryAfterSeconds: 3 });
    await assert.rejects(ask('Ada'), (error) => {
      assert.ok(error instanceof Anthropic.RateLimitError);
      assert.deepEqual([error.headers.get('retry-after'), error.type], ['3', 'rate_limit_error']);
      return true;
    });
    started.simulator.failNext(1, { kind: 'overloaded' });
    await assert.rejects(
      ask('Ada'),
      (error) =>
        error instanceof Anthropic.InternalServerError &&
        error.status === 529 &&
        error.type === 'overloaded_error',
    );
    started.simulator.failNext(1, { kind: 'server_error' });
    await assert.rejects(
      ask('Ada'),
      (error) => error instanceof Anthropic.InternalServerError && error.type === 'api_error',
    );
    started.simulator.failNext(1, { kind: 'context_length' });
    await assert.rejects(
      ask('Ada'),
      (error) => error instanceof Anthropic.BadRequestError && /prompt is too long/.test(error.message),
    );
    started.simulator.failNext(1, { kind: 'malformed_json', where: 'body' });
    await assert.rejects(ask('Ada'), SyntaxError);
    started.simulator.failNext(1, { kind: 'refusal' });
    assert.equal((await ask('Ada')).stop_reason, 'refusal');
    assert.equal((await ask('Ada')).stop_reason, 'end_turn');
  });

  it('sees a stream end in the midst, or tell an error', async () => {
    for (const kind of ['cut_stream', 'stream_error'] as const) {
      started.simulator.failNext(1, { kind, afterChunks: 4 });
      await assert.rejects(
        started.anthropic.messages.stream(asked('Ada')).finalMessage(),
        Anthropic.AnthropicError,
      );
    }
  });

  it('goes, and the server knows it within a second', async () => {
    started.simulator.failNext(1, { kind: 'slow', betweenChunksMs: 5_000 });
    const stream = started.anthropic.messages.stream(asked('Ada'));
    const ended = assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    await started.simulator.until((requests) => requests.some(({ chunks }) => chunks > 0));
    const leftAt = Date.now();
    stream.abort();
    await started.simulator.until((requests) => requests.every(({ state }) => state === 'cancelled'));
    assert.ok(Date.now() - leftAt < 1_000);
    await ended;
  });

  function asked(content: string) {
    return { model: 'scripted:tea', max_tokens: 500, messages: [{ role: 'user' as const, content }] };
  }

  function ask(content: string) {
    return started.anthropic.messages.create(asked(content));
  }

  function task(title: string) {
    return { name: 'tasks_create', arguments: { title } };
  }

  function textOf({ content }: Anthropic.Message): string {
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  }
});
