import { z } from 'zod';

const milliseconds = z.number().int().min(0).max(600_000);

/**
 * How an answer goes wrong.
 * - `rate_limited`: 429, with Retry-After.
 * - `server_error`: 500. `overloaded`: 529 of Anthropic, 503 of OpenAI.
 * - `context_length`: the error for a context that is too long.
 * - `cut_stream`: the connection ends after so many chunks; `stream_error` tells an error there first. An answer that is
 *   not streamed ends in the middle of its body, or is a server error.
 * - `slow`: nothing is wrong, but it takes its time.
 * - `malformed_json`: the body (a chunk of it, when streamed) or the arguments of the first tool call are no JSON.
 * - `refusal`: the model declines.
 * - `hang`: nothing comes until the client goes.
 */
export const Failure = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rate_limited'),
    retryAfterSeconds: z.number().min(0).max(3600).default(1),
  }),
  z.strictObject({ kind: z.literal('server_error') }),
  z.strictObject({ kind: z.literal('overloaded') }),
  z.strictObject({ kind: z.literal('context_length') }),
  z.strictObject({ kind: z.literal('cut_stream'), afterChunks: z.number().int().min(0).default(3) }),
  z.strictObject({ kind: z.literal('stream_error'), afterChunks: z.number().int().min(0).default(3) }),
  z.strictObject({
    kind: z.literal('slow'),
    firstTokenMs: milliseconds.default(0),
    betweenChunksMs: milliseconds.default(0),
  }),
  z.strictObject({ kind: z.literal('malformed_json'), where: z.enum(['body', 'arguments']) }),
  z.strictObject({ kind: z.literal('refusal'), text: z.string().default('I can’t help with that.') }),
  z.strictObject({ kind: z.literal('hang') }),
]);

export type Failure = z.output<typeof Failure>;

const ScriptedToolCall = z.strictObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

const Usage = z.strictObject({
  inputTokens: z.number().int().min(0).optional(),
  outputTokens: z.number().int().min(0).optional(),
  cacheReadTokens: z.number().int().min(0).optional(),
  cacheWriteTokens: z.number().int().min(0).optional(),
});

/**
 * What is answered. In texts, and in texts within arguments, `{{lastUser}}`, `{{lastResult}}`, `{{turn}}` and `{{uses}}`
 * stand for the user's last words, the last result of a tool, the number of this answer, and how often this rule has
 * answered before.
 */
export const ScriptedReply = z.strictObject({
  text: z.string().optional(),
  toolCalls: z.array(ScriptedToolCall).optional(),
  /** Stands in for what was counted. */
  usage: Usage.optional(),
  failure: Failure.optional(),
});

export type ScriptedReply = z.output<typeof ScriptedReply>;

/** All that is given must be true. Texts are looked for without regard to case. */
const When = z.strictObject({
  /** In the user's last words. */
  lastUser: z.string().optional(),
  /** In any system text. */
  system: z.string().optional(),
  /** In anything that the model is given. */
  anywhere: z.string().optional(),
  /** The last thing that came is (not) the result of a tool; or is that of the tool of this name. */
  toolResult: z.union([z.boolean(), z.string()]).optional(),
  /** In the last result of a tool. */
  resultContains: z.string().optional(),
  /** Number of the answer in the conversation, from 1. */
  turn: z.union([z.number().int().min(1), z.strictObject({ from: z.number(), to: z.number() })]).optional(),
  /** A tool of this name is offered. */
  offers: z.string().optional(),
});

export const Rule = z.strictObject({
  when: When.default({}),
  /** So often this rule answers; then it is passed over. Without end when absent. */
  times: z.number().int().min(1).optional(),
  reply: ScriptedReply,
});

export type Rule = z.output<typeof Rule>;

/** The first rule that fits answers. What none fits gets `otherwise`. */
export const Script = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'has small letters, digits, dots, dashes and underscores'),
  rules: z.array(Rule).max(1000),
  otherwise: ScriptedReply.default({ text: 'The script has no answer to this.' }),
});

export type Script = z.output<typeof Script>;
export type ScriptInput = z.input<typeof Script>;
export type FailureInput = z.input<typeof Failure>;
