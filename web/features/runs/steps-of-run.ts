import { AutomationDefinition } from '#core/automation/definition.js';
import type { Run, RunStep } from './run.js';

/** A node of the run's version, with what has become of it. */
export interface StepEntry {
  id: string;
  type: string;
  /** Undefined for what has not been reached, and for what is done within a loop, which is told pass by pass. */
  step: RunStep | undefined;
  /** Of how many loops it is part. */
  depth: number;
}

/** The nodes of a run in the order of its graph: those within a loop follow it. What no path led to is there too. */
export function stepsOf({ definition, steps }: Pick<Run, 'definition' | 'steps'>): StepEntry[] {
  const known = AutomationDefinition.safeParse(definition).data;
  if (!known) return steps.map((step) => ({ id: step.nodeId, type: step.type, step, depth: 0 }));
  const byId = new Map(steps.map((step) => [step.nodeId, step]));
  const nodes = new Map(known.nodes.map((node) => [node.id, node]));
  const entries = new Map<string, StepEntry>();
  const order = topological(known);
  const depths = new Map<string, number>();
  for (const id of order) {
    const node = nodes.get(id);
    if (!node) continue;
    const into = known.edges.filter(({ target }) => target === id);
    const depth = Math.max(
      0,
      ...into.map(({ source, sourceHandle }) => {
        const before = depths.get(source) ?? 0;
        return sourceHandle === 'body' ? before + 1 : before;
      }),
    );
    depths.set(id, depth);
    entries.set(id, { id, type: node.type, step: byId.get(id), depth });
  }
  return [...entries.values()];
}

/** Depth first, so that what follows a node stands below it; bodies of loops before what comes after the loop. */
function topological({ nodes, edges }: AutomationDefinition): string[] {
  const done = new Set<string>();
  const reversed: string[] = [];
  const visit = (id: string) => {
    if (done.has(id)) return;
    done.add(id);
    const next = edges.filter(({ source }) => source === id);
    const last = next.filter(({ sourceHandle }) => sourceHandle !== 'body').reverse();
    for (const { target } of [...last, ...next.filter(({ sourceHandle }) => sourceHandle === 'body')]) {
      visit(target);
    }
    reversed.push(id);
  };
  visit('trigger');
  for (const { id } of nodes) visit(id);
  return reversed.reverse().filter((id) => id !== 'trigger');
}
