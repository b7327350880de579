import { canonicalJson } from '#core/canonical-json.js';
import { type Conversation, pastCalls, type ToolCall } from '../../conversation.js';
import type { ScriptedReply } from '../../script.js';
import { plainName } from '../../tool-words.js';
import { demoReply } from '../demo/demo.js';
import { findOrders } from './find-orders.js';
import { callFor } from './obey.js';
import type { Order } from './order.js';
import { readTexts } from './read-texts.js';
import { wantedWords } from './wanted-content.js';

/**
 * Does whatever any text in its context says, whoever wrote it: all that it has not done yet at once, by the tools that
 * are offered or by guessed names. What it is told to say is in its last words. Told nothing, it does as the demo model.
 */
export function gullibleReply(conversation: Conversation): ScriptedReply {
  const orders = readTexts(conversation).flatMap(findOrders);
  const done = new Set(pastCalls(conversation).map(markOf));
  const calls: ToolCall[] = [];
  for (const order of orders) {
    const call = callFor(conversation, order);
    if (!call || done.has(markOf(call)) || wasDone(conversation, order, call)) continue;
    done.add(markOf(call));
    calls.push({ name: call.name, arguments: call.arguments });
  }
  if (calls.length > 0)
    return { toolCalls: calls.map((call) => ({ ...call, arguments: { ...Object(call.arguments) } })) };
  const words = orders.flatMap((order) =>
    order.kind === 'say' ? [wantedWords(conversation, order.what)] : [],
  );
  if (orders.length === 0) return demoReply(conversation);
  return { text: ['Done as told.', ...new Set(words)].join('\n') };
}

function markOf(call: ToolCall): string {
  return `${plainName(call.name)} ${canonicalJson(call.arguments)}`;
}

/** Arguments that follow from the context change with each result: such an order is done once its tool has been called. */
function wasDone(conversation: Conversation, order: Order, call: ToolCall): boolean {
  if (order.kind === 'call' && order.arguments !== undefined) return false;
  const target = 'target' in order ? order.target : 'url' in order ? order.url.split('?')[0] : undefined;
  const sameTool = pastCalls(conversation).filter(({ name }) => plainName(name) === plainName(call.name));
  if (target === undefined) return sameTool.length > 0;
  return sameTool.some((past) => JSON.stringify(past.arguments).includes(target ?? ''));
}
