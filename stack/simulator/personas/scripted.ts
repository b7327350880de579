import { type Conversation, lastUserText, toolResults, turnNumber } from '../conversation.js';
import type { Rule, Script, ScriptedReply } from '../script.js';

/** A script with the count of how often each of its rules has answered. */
export class ScriptedModel {
  readonly #script: Script;
  readonly #uses = new Map<Rule, number>();

  constructor(script: Script) {
    this.#script = script;
  }

  /** The answer of the first rule that fits, filled in. */
  reply(conversation: Conversation): ScriptedReply {
    const rule = this.#script.rules.find((one) => this.#isLeft(one) && fits(one, conversation));
    if (!rule) return filled(this.#script.otherwise, conversation, 0);
    const uses = this.#uses.get(rule) ?? 0;
    this.#uses.set(rule, uses + 1);
    return filled(rule.reply, conversation, uses);
  }

  #isLeft(rule: Rule): boolean {
    return rule.times === undefined || (this.#uses.get(rule) ?? 0) < rule.times;
  }
}

function fits({ when }: Rule, conversation: Conversation): boolean {
  const turn = turnNumber(conversation);
  const result = lastResult(conversation);
  const checks = [
    when.lastUser === undefined || contains(lastUserText(conversation), when.lastUser),
    when.system === undefined || contains(conversation.system.join('\n'), when.system),
    when.anywhere === undefined || contains(everything(conversation), when.anywhere),
    when.toolResult === undefined ||
      (typeof when.toolResult === 'string'
        ? result?.name === when.toolResult
        : (result !== undefined) === when.toolResult),
    when.resultContains === undefined || contains(result?.text ?? '', when.resultContains),
    when.turn === undefined ||
      (typeof when.turn === 'number' ? turn === when.turn : turn >= when.turn.from && turn <= when.turn.to),
    when.offers === undefined || conversation.tools.some(({ name }) => name === when.offers),
  ];
  return checks.every(Boolean);
}

/** The result of a tool that came last, unless the user has said something since. */
function lastResult(conversation: Conversation) {
  const last = conversation.turns.at(-1)?.parts.some(({ kind }) => kind === 'toolResult');
  return last ? toolResults(conversation).at(-1) : undefined;
}

function filled(reply: ScriptedReply, conversation: Conversation, uses: number): ScriptedReply {
  const values: Record<string, string> = {
    lastUser: lastUserText(conversation),
    lastResult: toolResults(conversation).at(-1)?.text ?? '',
    turn: String(turnNumber(conversation)),
    uses: String(uses),
  };
  const fill = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  return {
    ...reply,
    ...(reply.text !== undefined && { text: fill(reply.text) }),
    ...(reply.toolCalls && {
      toolCalls: reply.toolCalls.map((call) => ({ ...call, arguments: filledFields(call.arguments, fill) })),
    }),
  };
}

function filledFields(fields: Record<string, unknown>, fill: (text: string) => string) {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, filledValue(value, fill)]));
}

function filledValue(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((item) => filledValue(item, fill));
  if (typeof value === 'object' && value !== null) return filledFields({ ...value }, fill);
  return value;
}

function everything(conversation: Conversation): string {
  return JSON.stringify([conversation.system, conversation.turns, conversation.tools]);
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
