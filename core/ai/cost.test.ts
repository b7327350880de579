import assert from 'node:assert/strict';
import { getEncoding } from 'js-tiktoken';
import { costOf, highestCost, highestEmbeddingCost, mostInputTokens, mostTokens } from './cost.js';
import type { ModelMessage } from './message.js';

/** Texts in which a token is worth few bytes: scripts, signs, whitespace, noise. */
const texts = [
  '',
  ' ',
  '\n\n\n',
  'a',
  'The quick brown fox jumps over the lazy dog.',
  'zqxjkvbpygfwmucldrhsnioate'.repeat(8),
  '0123456789'.repeat(10),
  '漢字かな交じり文は短い。',
  'ภาษาไทยไม่มีช่องว่าง',
  'Ünïcödé ñandú, ça va?',
  '👩‍👩‍👧‍👦🏳️‍🌈🇺🇳'.repeat(4),
  '\u{1f9ff}\u{10ffff}\ud800 alone',
  '<|endoftext|>'.replaceAll('|', '¦'),
  '{"a":[1,2,3],"b":{"c":null}}',
  '\u0000\u0001\u0002\u200b\u200d\ufeff',
  Array.from({ length: 300 }, (_, place) => String.fromCharCode(32 + ((place * 7_919) % 60_000))).join(''),
];
const encodings = [getEncoding('o200k_base'), getEncoding('cl100k_base')];
const price = { input: 125, cachedInput: 12.5, output: 1_000 };

describe('the most that a call can cost', () => {
  for (const [index, text] of texts.entries()) {
    it(`is not less than what text ${index} is counted as`, () => {
      for (const encoding of encodings) assert.ok(mostTokens(text) >= encoding.encode(text, [], []).length);
    });
  }

  it('is not less than a conversation with tools and a schema costs, with what the provider adds', () => {
    const messages = texts.flatMap((text): ModelMessage[] => [
      { role: 'system', text },
      { role: 'user', text },
      { role: 'assistant', text, toolCalls: [{ id: 'call_1', name: 'look_up', arguments: text }] },
      { role: 'tool', toolCallId: 'call_1', name: 'look_up', text, isError: false },
    ]);
    const tools = [
      {
        name: 'look_up',
        description: 'Looks a word up',
        inputSchema: { type: 'object' as const, properties: { word: { type: 'string' as const } } },
      },
    ];
    const outputSchema = { type: 'object' as const, properties: { text: { type: 'string' as const } } };
    const request = { messages, tools, outputSchema, maxOutputTokens: 100 };
    for (const encoding of encodings) {
      const count = (text: string) => encoding.encode(text, [], []).length;
      // developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken: three a message, and three for the reply; twelve for tools.
      const ofMessages = messages.reduce(
        (sum, message) =>
          sum +
          3 +
          count(message.role) +
          count(message.text) +
          (message.role === 'assistant'
            ? message.toolCalls.reduce((own, call) => own + 3 + count(call.name) + count(call.arguments), 0)
            : 0),
        3,
      );
      const inputTokens =
        ofMessages + count(JSON.stringify(tools)) + 12 + count(JSON.stringify(outputSchema));
      assert.ok(mostInputTokens(request) >= inputTokens);
      const usage = { inputTokens, cachedInputTokens: 0, outputTokens: 100 };
      assert.ok(highestCost(request, price) >= costOf(usage, price));
    }
  });

  it('is not less than what embedding costs', () => {
    for (const encoding of encodings) {
      const inputTokens = texts.reduce((sum, text) => sum + encoding.encode(text, [], []).length, 0);
      const cost = costOf({ inputTokens, cachedInputTokens: 0, outputTokens: 0 }, price);
      assert.ok(highestEmbeddingCost(texts, price) >= cost);
    }
  });
});

describe('what a call has cost', () => {
  it('is whole millionths of a minor unit, rounded up', () => {
    const usage = { inputTokens: 3, cachedInputTokens: 1, outputTokens: 2 };
    assert.equal(costOf(usage, price), 2 * 125 + 13 + 2_000);
    assert.equal(costOf(usage, { input: 0.1, cachedInput: 0.1, output: 0.0001 }), 1);
    assert.equal(
      costOf({ inputTokens: 3, cachedInputTokens: 0, outputTokens: 0 }, { ...price, input: 0.1 }),
      1,
    );
  });

  it('counts no more of the input as cached than there is', () => {
    const usage = { inputTokens: 2, cachedInputTokens: 5, outputTokens: 0 };
    assert.equal(costOf(usage, price), 25);
  });
});
