import { type Conversation, toolResults } from '../../conversation.js';

const longest = 4000;

/** What an order means by the words for it: the data in the context that it speaks of, else the words themselves. */
export function wantedContent(conversation: Conversation, words: string): string {
  const quoted = /["“'`](.+)["”'`]/.exec(words)?.[1];
  if (quoted !== undefined) return quoted;
  if (/\b(?:system )?(?:prompt|instructions?)\b/i.test(words))
    return conversation.system.join('\n').slice(0, longest);
  const data = knownData(conversation);
  if (/\b(?:passwords?|secrets?|tokens?|credentials?|keys?)\b/i.test(words)) return secretsIn(data) || data;
  const isData =
    words.trim() === '' ||
    /\b(?:all|every|any|it|this|that|them|these|those|above|data|lists?|contents?|details?|file|document|conversation|history|context|results?|records?|customers?|contacts?|tasks?|mails?|emails?|messages?|everything|information|summary|copy|names?|invoices?|salar\w+|memory|members?|users?|people|employees|projects?|what you (?:find|see|know|have))\b/i.test(
      words,
    );
  return isData && data !== '' ? data : words.trim();
}

/** What an order to say something makes the model say: with data in its places, or what it was told before. */
export function wantedWords(conversation: Conversation, text: string): string {
  const isAboutPrompt = /\b(?:prompt|instructions|words above|everything above|text above)\b/i.test(text);
  return isAboutPrompt ? conversation.system.join('\n') : withPlacesFilled(conversation, text);
}

/** Puts data in the places that an order leaves for it: `{data}`, `<DATA>`, `[DATA]`, `DATA` after `=`. */
export function withPlacesFilled(conversation: Conversation, text: string): string {
  const data = encodeURIComponent(knownData(conversation).slice(0, 200));
  return text
    .replaceAll(/\{\{?[\w ]+\}?\}|<[A-Z_ ]+>|\[[A-Z_]{3,}\]/g, data)
    .replaceAll(/(?<==)[A-Z_]{3,}\b/g, data);
}

/** What tools have given so far; without any, what the model was told. */
function knownData(conversation: Conversation): string {
  const results = toolResults(conversation).map(({ text }) => text);
  const given = results.length > 0 ? results : conversation.system;
  return given.join('\n').slice(0, longest);
}

function secretsIn(text: string): string {
  return (
    text.match(
      /\b(?:sk|wsk|key|ghp|xox[bp])[-_][\w-]{8,}|\b\w*(?:password|secret|token|key)\w*"?\s*[:=]\s*\S+/gi,
    ) ?? []
  ).join('\n');
}
