/** A JSON Schema as callers send it; what is read of it is checked where it is read. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'toolCall'; id: string; name: string; arguments: unknown }
  | { kind: 'toolResult'; callId: string; text: string; isError: boolean };

export interface Turn {
  role: 'user' | 'assistant';
  parts: readonly Part[];
}

export interface OfferedTool {
  name: string;
  description: string;
  schema: JsonSchema;
}

export type ToolChoice =
  | { kind: 'auto' }
  | { kind: 'none' }
  | { kind: 'any' }
  | { kind: 'tool'; name: string };

/** What a model is asked, whichever vendor's protocol it came by. Results of tools are turns of the user. */
export interface Conversation {
  model: string;
  system: readonly string[];
  turns: readonly Turn[];
  tools: readonly OfferedTool[];
  toolChoice: ToolChoice;
  parallelToolCalls: boolean;
  /** The JSON that is asked for in place of prose. */
  format: { kind: 'object' } | { kind: 'schema'; schema: JsonSchema } | undefined;
  maxTokens: number | undefined;
  stop: readonly string[];
}

export interface ToolCall {
  name: string;
  arguments: unknown;
}

export interface ToolResult {
  name: string;
  text: string;
  isError: boolean;
}

/** What the user wrote last; empty when nothing. */
export function lastUserText({ turns }: Conversation): string {
  const texts = turns.filter(({ role }) => role === 'user').map(({ parts }) => textOf(parts));
  return texts.findLast((text) => text !== '') ?? '';
}

/** The calls of tools so far, oldest first. */
export function pastCalls({ turns }: Conversation): (ToolCall & { id: string })[] {
  return turns.flatMap(({ parts }) => parts.filter((part) => part.kind === 'toolCall'));
}

/** All results of tools, oldest first, with the tool's name. */
export function toolResults(conversation: Conversation): ToolResult[] {
  const names = new Map(pastCalls(conversation).map(({ id, name }) => [id, name]));
  const results = conversation.turns.flatMap(({ parts }) =>
    parts.filter((part) => part.kind === 'toolResult'),
  );
  return results.map(({ callId, text, isError }) => ({ name: names.get(callId) ?? '', text, isError }));
}

/** The results that came after the user's last words: what the model has learned in this turn. */
export function freshResults(conversation: Conversation): ToolResult[] {
  const { turns } = conversation;
  const asked = turns.findLastIndex(({ role, parts }) => role === 'user' && textOf(parts) !== '');
  const before = toolResults({ ...conversation, turns: turns.slice(0, asked + 1) }).length;
  return toolResults(conversation).slice(before);
}

/** The place of the answer that is asked for among the model's answers, from 1. */
export function turnNumber({ turns }: Conversation): number {
  return turns.filter(({ role }) => role === 'assistant').length + 1;
}

export function textOf(parts: readonly Part[]): string {
  return parts
    .filter((part) => part.kind === 'text')
    .map(({ text }) => text)
    .join('\n');
}
