import type { CallToolResult } from '@modelcontextprotocol/server';
import type { McpProblem } from './mcp-call.js';

/** What an action returned: as data where it is an object, and as text for models. */
export function toolResult(output: unknown): CallToolResult {
  if (output === undefined || output === null) return { content: [{ type: 'text', text: 'Done.' }] };
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const isObject = typeof output === 'object' && !Array.isArray(output);
  return {
    content: [{ type: 'text', text }],
    structuredContent: isObject ? { ...output } : { result: output },
  };
}

/** A refusal or failure that the model can read and act upon: the problem that it would be over HTTP. */
export function toolError(problem: McpProblem, more: Record<string, unknown> = {}): CallToolResult {
  const issues = (problem.issues ?? []).map(({ path, message }) => `- ${path}: ${message}`);
  const text = [`${problem.code}: ${problem.detail}`, ...issues].join('\n');
  return { isError: true, content: [{ type: 'text', text }], structuredContent: { ...problem, ...more } };
}
