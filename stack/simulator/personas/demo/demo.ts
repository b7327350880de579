import { type Conversation, freshResults, lastUserText } from '../../conversation.js';
import type { ScriptedReply } from '../../script.js';
import { embeddedJson } from '../gullible/read-texts.js';
import { breakDown, goalIn } from './break-down.js';
import { classify, labelsIn } from './classify.js';
import { extract } from './extract.js';
import { givenText, wishOf } from './given-text.js';
import { sentimentOf } from './sentiment.js';
import { summarize, wantedSentences } from './summarize.js';
import { problemOf, rowsOf, titleOf } from './tool-results.js';
import { workWithTools } from './work-with-tools.js';

/** Letters of a text that is read into fields. */
const longestExtracted = 20_000;

const abilities = [
  'summarize a text that you give me',
  'create a task (“create a task to call Ada”), list tasks, and tell what is overdue',
  'post a message to a channel',
  'read a text into the fields of a form',
  'sort a text into labels, and tell its mood',
  'break a goal down into tasks',
];

/** The model that the product has without a provider: plain rules, the same answer to the same words, nothing sent out. */
export function demoReply(conversation: Conversation): ScriptedReply {
  const asked = lastUserText(conversation);
  const wish = wishOf(asked);
  const forced = forcedCall(conversation, asked);
  if (forced) return forced;
  const { format } = conversation;
  if (format?.kind === 'schema') return { text: JSON.stringify(extract(textFor(asked), format.schema)) };
  if (format) return { text: JSON.stringify({ text: summarize(givenText(asked)) }) };
  if (/\b(?:summari[sz]e|summary|sum up|tl;?dr)\b/i.test(wish)) {
    return { text: summarize(givenText(asked), wantedSentences(wish)) };
  }
  if (/\bsentiment\b|\bmood\b/i.test(wish)) return { text: sentimentOf(givenText(asked)).sentiment };
  const labels = /\b(?:classify|categori[sz]e|label|sort)\b/i.test(wish) ? labelsIn(wish) : [];
  if (labels.length > 1) return { text: classify(givenText(asked), labels) ?? '' };
  const worked = workWithTools(conversation);
  if (worked) return worked;
  if (/\bbreak\b.*\b(?:down|up|into)\b|\bplan\b.*\bgoal\b|\bgoal\b.*\b(?:tasks|steps)\b/i.test(wish)) {
    return {
      text: breakDown(goalIn(wish))
        .map((task, index) => `${index + 1}. ${task}`)
        .join('\n'),
    };
  }
  const results = freshResults(conversation);
  if (results.length > 0) return { text: results.map(retold).join('\n') };
  return { text: introduction(wish) };
}

/** The call of a tool that the caller insists on, with arguments read from the text. */
function forcedCall({ toolChoice, tools }: Conversation, asked: string): ScriptedReply | undefined {
  if (toolChoice.kind !== 'tool') return undefined;
  const tool = tools.find(({ name }) => name === toolChoice.name);
  const given = extract(textFor(asked), tool?.schema ?? {});
  return { toolCalls: [{ name: toolChoice.name, arguments: { ...Object(given) } }] };
}

/** A goal is wanted as it stands; any other request is about the text in it. */
function textFor(asked: string): string {
  const wish = wishOf(asked);
  const text = /\bgoal\b|\bbreak\b.*\bdown\b/i.test(wish) ? wish : givenText(asked);
  return text.slice(0, longestExtracted);
}

function retold(result: { name: string; text: string; isError: boolean }): string {
  if (result.isError) return `${result.name} did not work: ${problemOf(result)}`;
  const rows = rowsOf(result);
  if (rows.length > 0) return rows.map((row) => `- ${titleOf(row)}`).join('\n');
  return embeddedJson(result.text) === undefined ? summarize(result.text) : `${result.name} gave nothing.`;
}

function introduction(asked: string): string {
  const isGreeting = /^\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|moin)\b/i.test(asked);
  const greeting = isGreeting ? 'Hello! ' : '';
  const list = abilities.map((ability) => `- ${ability}`).join('\n');
  const hint = 'With the key of a provider, a full model answers in my place.';
  return `${greeting}I am the demo model: I work offline, by plain rules. I can\n${list}\n${hint}`;
}
