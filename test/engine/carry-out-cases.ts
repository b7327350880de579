import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import { projectRoot } from '#runtime/project-root.js';
import { edges } from '../automation/nodes.js';
import { buildAutomation } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { runOnce } from '../builders/watch-runs.js';
import type { TestSystem } from '../system.js';

const folder = join(projectRoot, 'test', 'engine', 'cases');

/** One automation, what it is given, and what has to come of it. */
const Case = z.strictObject({
  name: z.string(),
  input: z.record(z.string(), z.unknown()).default({}),
  /** Other automations, started by hand, by name. */
  others: z
    .record(
      z.string(),
      z.strictObject({
        nodes: z.array(z.looseObject({ id: z.string(), type: z.string() })),
        edges: z.array(z.string()),
      }),
    )
    .default({}),
  /** `$project` in a value stands for the id of a project, `$name` for that of another automation. */
  nodes: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  /** As `trigger > a` and `check.true > b`. */
  edges: z.array(z.string()),
  settings: z.record(z.string(), z.unknown()).default({}),
  status: z.enum(['succeeded', 'failed']).default('succeeded'),
  error: z.strictObject({ code: z.string(), node: z.string(), message: z.string().optional() }).optional(),
  result: z.unknown().optional(),
  /** What the run answered to whoever waits for it. */
  answer: z.unknown().optional(),
  /** Status by step, every step of the run: `node`, or `node@3/0` within loops. */
  steps: z.record(z.string(), z.string()),
  /** Some outputs by step. */
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const StepPage = z.object({
  items: z.array(
    z.object({
      nodeId: z.string(),
      iteration: z.string(),
      status: z.string(),
      /** Without `inline`: kept by reference. */
      output: z.object({ inline: z.unknown().optional() }).nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** Tests that a system does what the cases say. */
export function carryOutCases(open: () => Promise<TestSystem>): void {
  let system: TestSystem;
  let caller: Caller;
  let projectId: string;
  before(async () => {
    system = await open();
    ({ caller } = await buildOrganization(system.app));
    projectId = (await buildProject(system.app, caller)).id;
  });

  for (const file of readdirSync(folder).sort()) {
    describe(file.replace(/\.json$/, ''), () => {
      const cases = z.array(Case).parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      for (const one of cases) it(one.name, () => carryOut(one));
    });
  }

  async function carryOut(one: z.output<typeof Case>): Promise<void> {
    const ids = new Map([['project', projectId]]);
    const filled = (nodes: unknown) =>
      JSON.parse(
        [...ids].reduce((text, [name, id]) => text.replaceAll(`$${name}`, id), JSON.stringify(nodes)),
      );
    for (const [name, { nodes, edges: ways }] of Object.entries(one.others)) {
      const other = { name, trigger: { type: 'manual' }, nodes: filled(nodes), edges: edges(...ways) };
      ids.set(name, (await buildAutomation(system.app, caller, other)).id);
    }
    const definition = {
      name: one.name,
      trigger: { type: 'manual' },
      nodes: filled(one.nodes),
      edges: edges(...one.edges),
      settings: one.settings,
    };
    const run = await runOnce(system.app, caller, definition, one.input);
    const steps = await allSteps(run.id);
    assert.deepEqual(
      {
        status: run.status,
        error: run.error && one.error && { ...pick(run.error, Object.keys(one.error)) },
        steps: Object.fromEntries(steps.map((step) => [placeOf(step), step.status])),
        outputs: Object.fromEntries(
          steps
            .filter((step) => placeOf(step) in one.outputs)
            .map((step) => [placeOf(step), step.output?.inline]),
        ),
      },
      { status: one.status, error: one.error ?? null, steps: one.steps, outputs: one.outputs },
    );
    if (one.answer !== undefined) assert.deepEqual(run.answer, one.answer);
    if (one.result !== undefined) assert.deepEqual(run.result, { inline: one.result });
  }

  async function allSteps(id: string) {
    const steps: z.output<typeof StepPage>['items'] = [];
    let cursor: string | null = null;
    do {
      const asked = { id, limit: 20, ...(cursor !== null && { cursor }) };
      const page = StepPage.parse(await system.app.perform(caller, 'runs.list_steps', asked));
      steps.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return steps;
  }
}

function placeOf({ nodeId, iteration }: { nodeId: string; iteration: string }): string {
  return iteration === '' ? nodeId : `${nodeId}@${iteration}`;
}

function pick(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}
