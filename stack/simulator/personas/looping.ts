import { type Conversation, pastCalls } from '../conversation.js';
import { leastValue } from '../schema-fields.js';
import type { ScriptedReply } from '../script.js';

/**
 * Calls the same tool for ever, with the same arguments. `looping` calls the first that is offered, `looping:<name>` that
 * one, and `looping:<name>,<name>` several in turn, whether they are offered or not.
 */
export function loopingReply(conversation: Conversation, wanted: string): ScriptedReply {
  const cycle = wanted === '' ? conversation.tools.slice(0, 1).map(({ name }) => name) : wanted.split(',');
  const name = cycle[pastCalls(conversation).length % cycle.length];
  if (name === undefined) return { text: 'I would go round in circles, but I was given no tool.' };
  const tool = conversation.tools.find((one) => one.name === name);
  const given = leastValue(tool?.schema ?? {}, 'again');
  return {
    toolCalls: [{ name, arguments: typeof given === 'object' && given !== null ? { ...given } : {} }],
  };
}
