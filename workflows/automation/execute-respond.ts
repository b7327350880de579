import { headerNameProblem, isAnswerStatus, isHeaderValue } from '#core/automation/answer.js';
import { defaultHandle, type PlanNode } from '#core/automation/plan.js';
import { inlineOf, invalid } from './evaluated.js';
import type { RunState } from './run-state.js';

type RespondNode = Extract<PlanNode, { type: 'respond' }>;

const defaultStatus = 200;

/**
 * Answers whoever waits for the run. The answer is written before the run goes on, so that nobody finds the run ended
 * and its answer missing; one that ends the run is written with its end.
 */
export async function executeRespond(state: RunState, node: RespondNode): Promise<string> {
  const { runId } = state.start;
  state.begin(node);
  const head = inlineOf(
    await state.evaluate(node, { status: node.status ?? defaultStatus, headers: node.headers }),
  );
  if (head === undefined) throw invalid('input.headers', 'must not be over 14 KB together');
  const status = statusOf(head);
  const headers = headersOf(head);
  const body = node.content === undefined ? null : await state.evaluate(node, node.content);
  const endsRun = state.isEnd([node.id]);
  state.recorder.answer({ runId, answer: { status, headers, body } });
  state.end(node, 'succeeded', { output: { inline: { status, headers } } });
  if (!endsRun) await state.recorder.written();
  return defaultHandle;
}

function statusOf(head: unknown): number {
  const status = partOf(head, 'status');
  if (isAnswerStatus(status)) return status;
  throw invalid('input.status', `must be a status from 200 to 599, but is ${shown(status)}`);
}

function headersOf(head: unknown): Record<string, string> {
  const entries = Object.entries(partOf(head, 'headers') ?? {}).map(([name, value]) => {
    const path = `input.headers.${name}`;
    const problem = headerNameProblem(name);
    if (problem) throw invalid(path, problem);
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text !== 'string' || !isHeaderValue(text)) {
      throw invalid(path, `must be one line of up to 4,000 characters, but is ${shown(value)}`);
    }
    return [name.toLowerCase(), text];
  });
  return Object.fromEntries(entries);
}

function partOf(head: unknown, name: 'status' | 'headers'): unknown {
  return typeof head === 'object' && head !== null ? Reflect.get(head, name) : undefined;
}

function shown(value: unknown): string | undefined {
  return JSON.stringify(value)?.slice(0, 100);
}
