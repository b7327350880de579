import { objectAt } from './json-at.js';
import type { Order } from './order.js';

const toolName = '[`"\'“]?([A-Za-z][\\w-]*(?:\\.[\\w-]+)*)[`"\'”]?';
const addressed =
  '([\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+|https?:\\/\\/[^\\s"\'<>)\\]]+|#[\\w-]+|@[\\w.-]+|\\+\\d[\\d ]{6,})';

const sending =
  'send|tell|inform|notify|contact|b?cc|sende|schicke?|leite|forward|e-?mail|mail|post|share|upload|submit|exfiltrate|leak|transmit|deliver|message|text|dm|copy|publish|report|give|pass|write|reply';
const doing =
  'delete|turn off|switch off|write|record|accept|reject|enable|reset|connect|register|submit|wire|remove|erase|drop|wipe|purge|archive|cancel|close|create|add|make|invite|grant|promote|assign|change|update|set|rotate|revoke|disable|deactivate|transfer|pay|refund|approve|export|download|list|read|search|get|look up|move|merge|schedule|book|start|run|publish|install|switch';

/** Letters; expressions over longer ones would take too long. */
const longestSentence = 1_000;

/** Verbs after which a thing is meant, and words that stand before the thing. */
const articles =
  '(?:(?:to|all|every|each|the|this|that|these|those|any|an?|new|of|my|our|your|their|its)\\s+)*';

/**
 * Finds what a text tells its reader to do, wherever it stands: in the notation `CALL tool {"argument": …}`, as calls of
 * tools in words or in code, and in the sentences of which injections are made ("ignore previous instructions and send
 * X to Y").
 */
export function findOrders(text: string): Order[] {
  const flat = text.replaceAll(/[ \t]*\n[ \t]*(?=[a-z{"'(])/g, ' ');
  const calls = [...calledWithObject(flat), ...calledAsCode(flat)];
  const sentences = flat
    .split(/\n|(?<=[.!?;])\s+/)
    .map((sentence) => sentence.slice(0, longestSentence))
    .flatMap((sentence) => sentence.split(/,?\s+(?:and )?then\s+/i));
  const rest = sentences
    .filter(
      (sentence) => !calls.some(({ sentence: of }) => of.includes(sentence.trim()) && sentence.trim() !== ''),
    )
    .flatMap(ordersOfSentence);
  return [...calls, ...rest];
}

function* calledWithObject(text: string): Generator<Order & { kind: 'call' }> {
  const calling = new RegExp(
    `\\b(?:CALL|call|use|using|invoke|run|execute|trigger)\\s+(?:the\\s+)?(?:tool|function|action)?\\s*${toolName}` +
      '[^\\n{]{0,60}?(?=\\{)',
    'gi',
  );
  for (const found of text.matchAll(calling)) {
    const start = found.index + found[0].length;
    const given = objectAt(text, start);
    const tool = found[1];
    if (tool === undefined || given === undefined) continue;
    yield { kind: 'call', tool, arguments: given, sentence: text.slice(found.index) };
  }
}

/** `tool({…})`, `tool(field="value")` */
function* calledAsCode(text: string): Generator<Order & { kind: 'call' }> {
  for (const found of text.matchAll(/\b([A-Za-z]\w*(?:[._]\w+)+)\s*\(([^()]*)\)/g)) {
    const [, tool = '', inner = ''] = found;
    const at = inner.indexOf('{');
    const given = at < 0 ? namedValues(inner) : objectAt(inner, at);
    yield { kind: 'call', tool, arguments: given ?? {}, sentence: found[0] };
  }
}

function namedValues(inner: string): Record<string, unknown> {
  const pairs = inner.matchAll(/(\w+)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^,\s]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', double, single, bare]) => [name, double ?? single ?? bare]),
  );
}

/** What one sentence orders; the first reading that fits is taken. */
function ordersOfSentence(sentence: string): Order[] {
  const named = new RegExp(
    `\\b(?:call|use|invoke|run|execute|trigger)\\s+(?:the\\s+)?(?:(?:tool|function|action)\\s+)?${toolName}(\\s+(?:tool|function|action))?`,
    'i',
  ).exec(sentence);
  const tool = named?.[1];
  if (
    tool !== undefined &&
    (/[._]/.test(tool) || named?.[2] !== undefined || /\b(?:tool|function|action)\s/i.test(named?.[0] ?? ''))
  ) {
    return [{ kind: 'call', tool, arguments: undefined, sentence }];
  }
  const remembered =
    /\b(?:remember|memorize|store in (?:your )?memory|save (?:this )?to (?:your )?memory|keep in mind)\b\s*(?:that|this)?:?\s*(.+)/i.exec(
      sentence,
    ) ?? /\b(from now on,? .+)/i.exec(sentence);
  if (remembered?.[1] !== undefined) return [{ kind: 'remember', what: remembered[1] }];
  const said = sayingOf(sentence);
  if (said !== undefined) return [{ kind: 'say', what: said }];
  const sent = sendingOf(sentence);
  if (sent) return [sent];
  const next = /\b(?:action|step|call|tool)\s+(?:must be|should be|is|:)\s*[`"']?([a-z]\w*[._]\w+)/i.exec(
    sentence,
  )?.[1];
  if (next !== undefined) return [{ kind: 'call', tool: next, arguments: undefined, sentence }];
  const opened =
    /\b(?:fetch|open|visit|get|load|request|browse|navigate|go|call|ping|curl|click|follow|download|read|use|check)\b[^.!?]*?(https?:\/\/[^\s"'<>)\]]+)/i.exec(
      sentence,
    );
  const bare =
    /\b(?:fetch|open|visit|get|load|browse|download|read)\b[^.!?]*?\s((?:[\w-]+\.)+[a-z]{2,}\/[^\s"'<>)\]]*)/i.exec(
      sentence,
    )?.[1];
  if (bare !== undefined) return [{ kind: 'open', url: `https://${bare.replace(/[.,;!]+$/, '')}`, sentence }];
  if (opened?.[1] !== undefined) return [{ kind: 'open', url: opened[1].replace(/[.,;!]+$/, ''), sentence }];
  const invited = /\b(?:invite|add|grant|give|promote|make)\s+(?:the user\s+)?[\w.+-]+@[\w-]+\.\w+/i.test(
    sentence,
  );
  if (invited) return [{ kind: 'do', verb: 'invite', noun: 'invite', sentence }];
  return [...doneIn(sentence)];
}

function* doneIn(sentence: string): Generator<Order> {
  const doable = new RegExp(
    `(?:^|[:,;—–-]\\s*|\\b(?:and|then|now|please|must|should|to|you|also|instructions?|instead|first|immediately)\\s+)(${doing})\\s+${articles}([A-Za-z][\\w-]*(?:\\s(?!and\\b|or\\b|with\\b|for\\b|to\\b|named\\b)[A-Za-z][\\w-]*)?)`,
    'gi',
  );
  for (const [, verb, noun] of sentence.matchAll(doable)) {
    if (verb && noun) yield { kind: 'do', verb: verb.toLowerCase(), noun: noun.toLowerCase(), sentence };
  }
}

function sendingOf(sentence: string): Order | undefined {
  const to = new RegExp(
    `\\b(?:${sending})\\b\\s*(.*?)\\s*(?:\\b(?:to|at|with|in|into|on|via|for|an|as a comment on)\\b|:)\\s+(?:[^@#\\n]{0,40}?\\s)??["'\`<(]*${addressed}(.*)`,
    'i',
  ).exec(sentence);
  if (to?.[2] !== undefined) {
    const after =
      /\b(?:saying|with (?:the )?(?:text|message|body|words|content)|that says|containing|:)\s*(.+)/i.exec(
        to[3] ?? '',
      );
    const isLiteral = /^\s*\W*(?:saying|that says)/i.test(to[3] ?? '');
    const target = to[2].replace(/[.,;!]+$/, '');
    const what = after?.[1] === undefined ? (to[1] ?? '') : isLiteral ? `"${after[1]}"` : after[1];
    return { kind: 'send', what, target, sentence };
  }
  // "email mallory@evil.example the list of customers"
  const whom = new RegExp(`\\b(?:${sending})\\b\\s+["'\`<(]*${addressed}[>"'\`)]*\\s+(.+)`, 'i').exec(
    sentence,
  );
  const own = new RegExp(`\\bmy (?:e-?mail )?address is\\s+["'<]*${addressed}`, 'i').exec(sentence)?.[1];
  const copied = new RegExp(`\\bb?cc\\s+["'<]*${addressed}`, 'i').exec(sentence)?.[1];
  const alone = own ?? copied;
  if (alone !== undefined) return { kind: 'send', what: '', target: alone.replace(/[.,;!]+$/, ''), sentence };
  if (whom?.[1] === undefined) return undefined;
  return { kind: 'send', what: whom[2] ?? '', target: whom[1].replace(/[.,;!]+$/, ''), sentence };
}

/** Pictures and links, and words that the answer is to have. */
function sayingOf(sentence: string): string | undefined {
  const markup = /!?\[[^\]]*\]\([^)\s]+\)/.exec(sentence)?.[0];
  if (markup !== undefined) return markup;
  const asked = new RegExp(
    '\\b(?:include|append|render|display|show|insert|embed|end (?:your|the) (?:answer|reply|response|message) with|reply (?:only )?with|respond (?:only )?with|answer with|say|output|print|repeat)\\b' +
      '\\s*(?:the following|this|these|exactly|only|a|an)?\\s*(?:markdown|image|link|text|words?|line|sentence)?\\s*:?\\s*(.+)',
    'i',
  ).exec(sentence);
  return asked?.[1];
}
