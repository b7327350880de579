import { isReference, jsonSize, maxInlineSize, type PackedValue } from '#core/automation/packed-value.js';
import { evaluateTemplates } from '#core/expression/evaluate.js';
import { withFixed } from '#core/expression/with-fixed.js';
import type { ActionAhead, ActionStep, PerformedAction } from './automation-activities.js';

interface Going {
  signal: AbortSignal;
  performNext(step: ActionStep): Promise<PackedValue>;
}

/**
 * Performs what surely follows a step whose output is given, one after the other, and stops where one does not succeed
 * at once or where results grow too large to travel together. Nothing is thrown and no failure is recorded: the run
 * performs such a step in its turn, with its own attempts, and what had been done of it is known by its key.
 */
export async function performAhead(
  { ahead, ending, ...step }: ActionStep,
  output: PackedValue,
  { signal, performNext }: Going,
): Promise<PerformedAction['ahead']> {
  const performed: { nodeId: string; output: PackedValue }[] = [];
  const outputs = new Map([[step.nodeId, output]]);
  for (const next of ahead?.steps ?? []) {
    const { templates: _, fixed: __, ...call } = next;
    const isLast = next === ahead?.steps.at(-1);
    const input = inputOf(next, ahead?.scope ?? { steps: {} }, outputs);
    if (!input || signal.aborted) break;
    const own = { ...step, ...call, connection: undefined, input, ending: isLast ? ending : null };
    const result = await performNext(own).catch(() => undefined);
    if (!result) break;
    outputs.set(next.nodeId, result);
    if (jsonSize([...outputs.values()]) > maxInlineSize) break;
    performed.push({ nodeId: next.nodeId, output: result });
  }
  return performed;
}

/** Undefined where it can't be told here. */
function inputOf(
  { templates, fixed }: ActionAhead,
  scope: NonNullable<ActionStep['ahead']>['scope'],
  outputs: ReadonlyMap<string, PackedValue>,
): PackedValue | undefined {
  const own: Record<string, unknown> = {};
  for (const [id, output] of outputs) {
    if (isReference(output)) return undefined;
    own[id] = { status: 'succeeded', output: output.inline, error: null };
  }
  try {
    const steps = { ...scope.steps, ...own };
    return { inline: withFixed(evaluateTemplates(templates, { ...scope, steps }), fixed) };
  } catch {
    return undefined;
  }
}
