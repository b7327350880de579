import type { Conversation, JsonSchema, OfferedTool, Part, Turn } from '../conversation.js';

/** A conversation in which the user says something, and perhaps tools have answered since. */
export function conversationOf(
  asked: string,
  given: {
    system?: string;
    tools?: OfferedTool[];
    results?: [tool: string, result: string][];
    schema?: JsonSchema;
  } = {},
): Conversation {
  const turns: Turn[] = [{ role: 'user', parts: [{ kind: 'text', text: asked }] }];
  for (const [index, [name, text]] of (given.results ?? []).entries()) {
    const call: Part = { kind: 'toolCall', id: `call${index}`, name, arguments: {} };
    const result: Part = { kind: 'toolResult', callId: `call${index}`, text, isError: false };
    turns.push({ role: 'assistant', parts: [call] }, { role: 'user', parts: [result] });
  }
  return {
    model: 'demo',
    system: given.system === undefined ? [] : [given.system],
    turns,
    tools: given.tools ?? [],
    toolChoice: { kind: 'auto' },
    parallelToolCalls: true,
    format: given.schema && { kind: 'schema', schema: given.schema },
    maxTokens: undefined,
    stop: [],
  };
}

/** A tool whose arguments are texts, of which those with a star are required. */
export function toolOf(name: string, ...fields: string[]): OfferedTool {
  const names = fields.map((field) => field.replace('*', ''));
  const required = fields.filter((field) => field.endsWith('*')).map((field) => field.slice(0, -1));
  const properties = Object.fromEntries(names.map((field) => [field, { type: 'string' }]));
  return { name, description: '', schema: { type: 'object', properties, required } };
}
