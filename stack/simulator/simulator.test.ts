import assert from 'node:assert/strict';
import { type RunningSimulator, startSimulator } from './start-simulator.js';
import { clientsOf, createTaskSchema, simulatorKey } from './testing/clients.js';

const user = (content: string) => [{ role: 'user' as const, content }];

describe('The simulator', () => {
  let simulator: RunningSimulator;

  beforeEach(async () => {
    simulator = await startSimulator({ key: simulatorKey, isForTests: true });
  });
  afterEach(() => simulator.close());

  it('fails as a script says, so often, then answers', async () => {
    simulator.putScript({
      name: 'flaky',
      rules: [
        { times: 2, reply: { failure: { kind: 'rate_limited', retryAfterSeconds: 0 } } },
        { reply: { text: 'Here I am.', usage: { inputTokens: 1000, outputTokens: 50 } } },
      ],
    });
    const { openai } = clientsOf(simulator, simulatorKey);
    const answer = await openai.chat.completions.create(
      { model: 'scripted:flaky', messages: user('Hello') },
      { maxRetries: 2 },
    );
    assert.equal(answer.choices[0]?.message.content, 'Here I am.');
    assert.equal(answer.usage?.total_tokens, 1050);
    assert.deepEqual(
      simulator.requests.map(({ status }) => status),
      [429, 429, 200],
    );
  });

  it('answers by turn, by system text and by offered tool', async () => {
    simulator.putScript({
      name: 'choosy',
      rules: [
        { when: { turn: 2 }, reply: { text: 'second' } },
        { when: { system: 'pirate' }, reply: { text: 'arr' } },
        { when: { offers: 'tasks_create' }, reply: { text: 'a tool' } },
        { when: { anywhere: 'xyzzy' }, reply: { text: 'magic' } },
      ],
      otherwise: { text: 'nothing, {{uses}}' },
    });
    const { openai } = clientsOf(simulator, simulatorKey);
    const ask = async (given: Partial<Parameters<typeof openai.chat.completions.create>[0]>) => {
      const answer = await openai.chat.completions.create({
        model: 'scripted:choosy',
        messages: user('Hi'),
        ...given,
        stream: false,
      });
      return answer.choices[0]?.message.content;
    };
    const tool = {
      type: 'function' as const,
      function: { name: 'tasks_create', parameters: createTaskSchema },
    };
    assert.equal(
      await ask({ messages: [...user('Hi'), { role: 'assistant', content: 'x' }, ...user('and?')] }),
      'second',
    );
    assert.equal(
      await ask({ messages: [{ role: 'system', content: 'You are a pirate.' }, ...user('Hi')] }),
      'arr',
    );
    assert.equal(await ask({ tools: [tool] }), 'a tool');
    assert.equal(await ask({ messages: user('say XYZZY') }), 'magic');
    assert.equal(await ask({}), 'nothing, 0');
  });

  it('loops: the same call again, or a cycle of calls', async () => {
    const { anthropic } = clientsOf(simulator, simulatorKey);
    const tools = [{ name: 'tasks_create', input_schema: createTaskSchema }];
    const names: string[] = [];
    const messages: Parameters<typeof anthropic.messages.create>[0]['messages'] = user('Go');
    for (const model of ['looping', 'looping', 'looping:a,b', 'looping:a,b']) {
      const { content } = await anthropic.messages.create({ model, max_tokens: 100, tools, messages });
      const [block] = content;
      assert.ok(block?.type === 'tool_use');
      names.push(`${block.name} ${JSON.stringify(block.input)}`);
      messages.push({ role: 'assistant', content });
      messages.push({
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }],
      });
    }
    assert.deepEqual(names, [
      'tasks_create {"title":"title"}',
      'tasks_create {"title":"title"}',
      'a {}',
      'b {}',
    ]);
  });

  it('is controlled from another process', async () => {
    const control = (method: string, path: string, body?: unknown) =>
      fetch(`${simulator.origin}/control/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    assert.equal(
      (await control('PUT', 'scripts', { name: 'far', rules: [], otherwise: { text: 'hi' } })).status,
      200,
    );
    assert.equal(
      (await control('PUT', 'scripts', { name: 'far', rules: [{ reply: { txt: 1 } }] })).status,
      400,
    );
    await control('POST', 'failures', { times: 1, failure: { kind: 'server_error' }, model: 'scripted:far' });
    const { openai } = clientsOf(simulator, simulatorKey);
    await assert.rejects(openai.chat.completions.create({ model: 'scripted:far', messages: user('x') }));
    await openai.chat.completions.create({ model: 'scripted:far', messages: user('x') });
    const seen = await (await control('GET', 'requests')).json();
    assert.deepEqual(Object(seen).inFlight, 0);
    assert.deepEqual(
      Object(seen).requests.map(({ status }: { status: number }) => status),
      [500, 200],
    );
    await control('DELETE', 'requests');
    assert.equal(simulator.requests.length, 0);
  });

  it('has the demo model only, and no control, outside tests', async () => {
    const product = await startSimulator({ key: simulatorKey });
    try {
      const { openai } = clientsOf(product, simulatorKey);
      const ids = (await openai.models.list()).data.map(({ id }) => id);
      assert.deepEqual(ids, ['demo', 'demo-embedding']);
      await assert.rejects(
        openai.chat.completions.create({ model: 'gullible', messages: user('x') }),
        /does not exist/,
      );
      const control = await fetch(`${product.origin}/control/requests`, {
        headers: { authorization: `Bearer ${simulatorKey}` },
      });
      assert.equal(control.status, 404);
      assert.equal(product.requests.length, 0);
    } finally {
      await product.close();
    }
  });

  it('refuses a prompt that is longer than its context', async () => {
    const { openai } = clientsOf(simulator, simulatorKey);
    await assert.rejects(
      openai.chat.completions.create({ model: 'demo', messages: user('word '.repeat(130_000)) }),
      /maximum context length is 128000/,
    );
  });
});
