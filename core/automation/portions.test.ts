import assert from 'node:assert/strict';
import { jsonSize } from './packed-value.js';
import { portionsOf } from './portions.js';
import type { Progress, StepChange } from './run.js';

describe('portions of progress', () => {
  const step = (nodeId: string, size: number): StepChange => ({
    runId: 'r',
    nodeId,
    iteration: '',
    status: 'succeeded',
    startedAt: 1,
    finishedAt: 2,
    output: { inline: 'x'.repeat(size) },
  });
  const run = { runId: 'r', depth: 0, status: 'succeeded', at: 3 } as const;
  const answer = { runId: 'r', answer: { status: 200, headers: {}, body: null } };
  const progress = (steps: StepChange[]): Progress => ({
    orgId: 'o',
    automationId: 'a',
    attempt: 2,
    runs: [run],
    steps,
    answers: [answer] as unknown as NonNullable<Progress['answers']>,
  });

  it('are the whole where it is small', () => {
    const whole = progress([step('a', 100), step('b', 100)]);
    assert.deepEqual(portionsOf(whole), [whole]);
    const { answers, ...noSteps } = progress([]);
    assert.deepEqual(portionsOf(noSteps), [noSteps]);
  });

  it('hold every step once, in order, answers first and ends of runs last', () => {
    const steps = Array.from({ length: 20 }, (_, index) => step(`n${index}`, index === 7 ? 14_000 : 3_000));
    const portions = portionsOf(progress(steps));
    assert.deepEqual(
      portions.flatMap((portion) => portion.steps),
      steps,
    );
    assert.deepEqual(
      portions.map(({ runs, answers }) => [runs.length, answers?.length ?? 0]),
      portions.map((_, index) => [index === portions.length - 1 ? 1 : 0, index === 0 ? 1 : 0]),
    );
    assert.ok(portions.length > 1);
    for (const portion of portions) {
      assert.ok(jsonSize(portion.steps) <= 15 * 1024 + 2);
      assert.deepEqual([portion.orgId, portion.automationId, portion.attempt], ['o', 'a', 2]);
    }
  });
});
