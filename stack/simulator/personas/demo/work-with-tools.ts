import {
  type Conversation,
  freshResults,
  lastUserText,
  type OfferedTool,
  type ToolResult,
} from '../../conversation.js';
import { choicesOf, fieldsOf, itemsOf, typeOf } from '../../schema-fields.js';
import type { ScriptedReply } from '../../script.js';
import { plainName, toolByWords } from '../../tool-words.js';
import { wishOf } from './given-text.js';
import { problemOf, rowsOf, titleOf } from './tool-results.js';

const mostShown = 10;

/** Does what the user asks in plain sentences with the tools that are offered; undefined when they ask for nothing of it. */
export function workWithTools(conversation: Conversation): ScriptedReply | undefined {
  const asked = wishOf(lastUserText(conversation));
  const title =
    /\b(?:create|add|make|open|new)\s+(?:me\s+)?(?:a\s+|an\s+|the\s+)?(?:new\s+)?(?:task|to-?do|ticket)\b\s*(?:to|for|:|that says|called|named|titled)?\s*["“]?([^"”\n]+)/i.exec(
      asked,
    )?.[1] ?? /\bremind me to\s+([^\n]+)/i.exec(asked)?.[1];
  if (title !== undefined) return createTask(conversation, title);
  const message =
    /\b(?:post|send|write|say)\s+(?:a\s+message\s+)?["“]?(.+?)["”]?\s+(?:to|in|into|on)\s+(?:the\s+channel\s+|channel\s+)?(#[\w-]+)(?:\s*(?:saying|:|that says)\s*["“]?(.+?)["”]?$)?/i.exec(
      asked,
    );
  if (message?.[2] !== undefined)
    return postMessage(conversation, message[2], message[3] ?? message[1] ?? '');
  if (/\boverdue\b|\bpast due\b|\blate tasks\b/i.test(asked)) return listTasks(conversation, true);
  if (
    /\b(?:list|show|what are|which|find|see|get)\b.*\b(?:tasks?|to-?dos?)\b|\bmy tasks\b|\bopen tasks\b/i.test(
      asked,
    )
  ) {
    return listTasks(conversation, false);
  }
  return undefined;
}

function createTask(conversation: Conversation, given: string): ScriptedReply {
  const tool = toolByWords(conversation.tools, [
    ['task', 'tasks', 'todo'],
    ['create', 'add'],
  ]);
  if (!tool) return { text: 'I would create that task, but I was not given a tool for it.' };
  const { title, dueDate } = titleAndDate(given);
  const made = resultOf(conversation, tool);
  if (made) return told(made, ([row]) => `I created the task “${row ? titleOf(row) : title}”.`);
  const fields = fieldsOf(tool.schema);
  const project = fields.find(({ name }) => plainName(name) === 'projectid');
  const args: Record<string, unknown> = {
    [fields.find(({ name }) => /title|name|subject/i.test(name))?.name ?? 'title']: title,
  };
  if (dueDate && fields.some(({ name }) => name === 'dueDate')) args.dueDate = dueDate;
  if (!project?.isRequired) return call(tool, args);
  const lister = toolByWords(conversation.tools, [
    ['project', 'projects'],
    ['list', 'search'],
  ]);
  const listed = lister && resultOf(conversation, lister);
  if (lister && !listed) return call(lister, {});
  const projects = listed && !listed.isError ? rowsOf(listed) : [];
  const named = projects.find((row) => given.toLowerCase().includes(titleOf(row).toLowerCase()));
  const id = (named ?? projects[0])?.id;
  if (id === undefined) return { text: 'I found no project to put the task in. Create one first, please.' };
  return call(tool, { ...args, [project.name]: id });
}

function listTasks(conversation: Conversation, isOverdue: boolean): ScriptedReply {
  const tool = toolByWords(conversation.tools, [
    ['task', 'tasks', 'todo'],
    ['list', 'search', 'find'],
  ]);
  if (!tool) return { text: 'I would look at the tasks, but I was not given a tool for it.' };
  const found = resultOf(conversation, tool);
  const kind = isOverdue ? 'overdue' : 'open';
  if (found) {
    return told(found, (rows) => {
      if (rows.length === 0) return isOverdue ? 'Nothing is overdue.' : 'There are no open tasks.';
      const lines = rows.slice(0, mostShown).map((row) => `- ${titleOf(row)}${due(row.dueDate)}`);
      const more = rows.length > mostShown ? [`and ${rows.length - mostShown} more`] : [];
      return [`${rows.length} ${kind} ${rows.length === 1 ? 'task' : 'tasks'}:`, ...lines, ...more].join(
        '\n',
      );
    });
  }
  const fields = fieldsOf(tool.schema);
  const status = fields.find(({ name }) => name === 'status');
  const choices = status
    ? choicesOf(typeOf(status.schema) === 'array' ? itemsOf(status.schema) : status.schema)
    : [];
  const open = choices.filter((choice) => !/done|cancel|closed|archived/i.test(choice));
  const isList = status !== undefined && typeOf(status.schema) === 'array';
  const before = fields.find(({ name }) => /^due_?before$/i.test(name));
  return call(tool, {
    ...(isOverdue && before && { [before.name]: todayFor(conversation) }),
    ...(isList && open.length > 0 && { status: open }),
  });
}

function postMessage(conversation: Conversation, channel: string, text: string): ScriptedReply {
  const tool = toolByWords(conversation.tools, [
    ['message', 'chat', 'slack'],
    ['post', 'send', 'create'],
  ]);
  if (!tool) return { text: 'I would post that, but I was not given a tool for it.' };
  const posted = resultOf(conversation, tool);
  if (posted) return told(posted, () => `I posted it to ${channel}.`);
  const field = (pattern: RegExp, usual: string) =>
    fieldsOf(tool.schema).find(({ name }) => pattern.test(name))?.name ?? usual;
  return call(tool, {
    [field(/channel|room|to$/i, 'channel')]: channel,
    [field(/text|message|body|content/i, 'text')]: text,
  });
}

/** The last result of this tool since the user spoke. */
function resultOf(conversation: Conversation, { name }: OfferedTool): ToolResult | undefined {
  return freshResults(conversation).findLast((result) => result.name === name);
}

function told(result: ToolResult, tell: (rows: ReturnType<typeof rowsOf>) => string): ScriptedReply {
  return { text: result.isError ? `That did not work: ${problemOf(result)}` : tell(rowsOf(result)) };
}

function call({ name }: OfferedTool, given: Record<string, unknown>): ScriptedReply {
  return { toolCalls: [{ name, arguments: given }] };
}

function titleAndDate(given: string): { title: string; dueDate: string | undefined } {
  const dueDate = /\b\d{4}-\d{2}-\d{2}\b/.exec(given)?.[0];
  const title = given
    .replace(/\s*\b(?:by|due|until|before|on)\s+\d{4}-\d{2}-\d{2}\b/i, '')
    .replace(/\s+in (?:the )?(?:project )?["“]?[\w ]+["”]? project\b|\s+in project .+$/i, '')
    .replace(/[.!?\s]+$/, '');
  return { title: title.charAt(0).toUpperCase() + title.slice(1), dueDate };
}

/** As the instructions tell it ("Today is 2026-05-01"), else that of the clock. */
function todayFor({ system }: Conversation): string {
  const [, told] = /\btoday\b[^\d\n]{0,30}(\d{4}-\d{2}-\d{2})/i.exec(system.join('\n')) ?? [];
  return told ?? new Date().toISOString().slice(0, 10);
}

function due(date: unknown): string {
  return typeof date === 'string' ? ` (due ${date})` : '';
}
