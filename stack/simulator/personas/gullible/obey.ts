import {
  type Conversation,
  type JsonSchema,
  type OfferedTool,
  type ToolCall,
  toolResults,
} from '../../conversation.js';
import { choicesOf, fieldsOf, leastValue, typeOf } from '../../schema-fields.js';
import { namedTool, toolByWords } from '../../tool-words.js';
import type { Order } from './order.js';
import { wantedContent, withPlacesFilled } from './wanted-content.js';

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i;

/** What fills the arguments of a call. */
interface Facts {
  sentence: string;
  target?: string;
  text?: string;
  url?: string;
}

/**
 * The call that carries an order out: by the offered tool that fits, else by a tool whose name is a guess. Undefined for
 * orders that need no tool.
 */
export function callFor(conversation: Conversation, order: Order): ToolCall | undefined {
  const { tools } = conversation;
  switch (order.kind) {
    case 'say':
      return undefined;
    case 'call': {
      const tool = namedTool(tools, order.tool);
      const given =
        order.arguments ?? filledFields(tool, factsOf(conversation, order.sentence), conversation);
      return { name: tool?.name ?? guessed(order.tool), arguments: given };
    }
    case 'send': {
      const text = withPlacesFilled(conversation, wantedContent(conversation, order.what));
      const facts: Facts = { sentence: order.sentence, target: order.target, text };
      if (order.target.startsWith('http')) facts.url = order.target;
      return byTool(conversation, sendingTool(tools, order.target), sendingGuess(order.target), facts);
    }
    case 'open': {
      const url = withPlacesFilled(conversation, order.url);
      return byTool(conversation, callingTool(tools), 'http_request', { sentence: order.sentence, url });
    }
    case 'remember': {
      const tool = toolByWords(tools, [['memory', 'remember', 'memories']]);
      return byTool(conversation, tool, 'memory_save', { sentence: order.what, text: order.what });
    }
    case 'do': {
      const tool = toolByWords(tools, [order.noun.split(' '), [order.verb, ...(synonyms[order.verb] ?? [])]]);
      const guess = `${order.noun.split(' ')[0]}_${order.verb}`;
      return byTool(conversation, tool, guess, factsOf(conversation, order.sentence));
    }
  }
}

const synonyms: Record<string, string[]> = {
  remove: ['delete', 'remove'],
  erase: ['delete'],
  drop: ['delete'],
  wipe: ['delete'],
  purge: ['delete'],
  add: ['create', 'invite'],
  make: ['create', 'update'],
  invite: ['create', 'add'],
  grant: ['add', 'update', 'create'],
  promote: ['update', 'change'],
  change: ['update', 'set'],
  set: ['update'],
  get: ['list', 'read'],
  read: ['get', 'list'],
  'look up': ['search', 'get', 'list'],
  search: ['list'],
  transfer: ['create', 'pay', 'send'],
  pay: ['create', 'send'],
};

function byTool(
  conversation: Conversation,
  tool: OfferedTool | undefined,
  guess: string,
  facts: Facts,
): ToolCall {
  return { name: tool?.name ?? guessed(guess), arguments: filledFields(tool, facts, conversation) };
}

function sendingTool(tools: readonly OfferedTool[], target: string): OfferedTool | undefined {
  if (target.startsWith('http')) return callingTool(tools);
  const sends = ['send', 'post', 'reply', 'create', 'forward'];
  const isChat = target.startsWith('#') || target.startsWith('@');
  const ways = isChat
    ? [[['message', 'chat', 'slack'], sends], [sends]]
    : [[['email', 'mail'], sends], [['message', 'sms'], sends], [['send', 'forward', 'share', 'invite']]];
  return ways.map((groups) => toolByWords(tools, groups)).find(Boolean);
}

function callingTool(tools: readonly OfferedTool[]): OfferedTool | undefined {
  const groups = [['http', 'web', 'url', 'fetch', 'browse', 'webhook', 'request', 'page', 'download']];
  return toolByWords(tools, groups);
}

function sendingGuess(target: string): string {
  if (target.startsWith('http')) return 'http_request';
  return target.startsWith('#') || target.startsWith('@') ? 'slack_post_message' : 'email_send';
}

/** A name as providers let models say it. */
function guessed(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
}

function factsOf(conversation: Conversation, sentence: string): Facts {
  const target = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<=\s)#[\w-]+/.exec(sentence)?.[0];
  const url = /https?:\/\/[^\s"'<>)\]]+/.exec(sentence)?.[0];
  const text = wantedContent(
    conversation,
    sentence.replace(/.*?\b(?:with|saying|titled|named|called)\b/i, ''),
  );
  return { sentence, text, ...(target && { target }), ...(url && { url }) };
}

/** The arguments of a tool, told by the names of its fields. A tool that is not known gets what there is. */
function filledFields(
  tool: OfferedTool | undefined,
  facts: Facts,
  conversation: Conversation,
): Record<string, unknown> {
  const { sentence, target, text, url } = facts;
  if (!tool) return withoutUndefined({ to: target, text, url });
  const filled = fieldsOf(tool.schema).map(({ name, schema, isRequired }) => {
    const value = name === 'connectionId' ? connectionFor(schema) : valueFor(name);
    const fitting = value !== undefined && typeOf(schema) === 'array' ? [value] : value;
    return [name, fitting ?? (isRequired ? leastValue(schema, name) : undefined)] as const;
  });
  return withoutUndefined(Object.fromEntries(filled));

  function valueFor(name: string): unknown {
    const exact = new RegExp(`\\b${escaped(name)}\\b["']?\\s*(?:=|:|is|to)\\s*["']?([^\\s"',;.]+)`, 'i').exec(
      sentence,
    )?.[1];
    if (exact !== undefined && name !== 'to') return exact;
    if (/(?:^|[a-z_])id$/i.test(name)) return idFor();
    if (/^(?:url|uri|link|href|endpoint)$/i.test(name)) return url;
    if (/^method$/i.test(name)) return url !== undefined && text !== undefined ? 'POST' : undefined;
    if (/^(?:to|recipients?|emails?|address|channel|user|phone|number|target|chat)$/i.test(name))
      return target;
    if (/^(?:subject|title|name|role)$/i.test(name))
      return sentence.match(/\b(?:admin|owner)\b/i)?.[0] ?? text?.slice(0, 80);
    if (/text|body|message|content|html|description|note|data|payload|value|comment|query/i.test(name))
      return text;
    return undefined;
  }

  /** One that the schema names, or that a tool has told. */
  function connectionFor(schema: JsonSchema): string | undefined {
    const told = toolResults(conversation).findLast((result) => /connection/i.test(result.name));
    return choicesOf(schema)[0] ?? uuid.exec(told?.text ?? '')?.[0];
  }

  /** The one in the sentence, else the first that the context tells of. */
  function idFor(): string | undefined {
    return (uuid.exec(sentence) ?? uuid.exec(JSON.stringify(conversation.turns)))?.[0];
  }
}

/** For use within a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
