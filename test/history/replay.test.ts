import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { Worker } from '@temporalio/worker';
import { createDataConverter } from '#runtime/engine/data-converter.js';
import { projectRoot } from '#runtime/project-root.js';
import { workflowBundle } from '#workers/bundle.js';
import { type TestSystem, workingSystem } from '../system.js';
import { agentShapes } from './agent-shapes.js';
import { continuedShapes } from './continued-shapes.js';
import { privacyShapes } from './privacy-shapes.js';
import { readRecordedHistories } from './recorded-histories.js';
import { scheduleShapes } from './schedule-shapes.js';
import { type Surroundings, shapes } from './shapes.js';

const nowhere: Surroundings = {
  projectId: '',
  slackConnectionId: '',
  greetingAutomationId: '',
  failingAutomationId: '',
  restingAutomationId: '',
};

describe('the recorded histories', () => {
  let system: TestSystem;
  before(async () => {
    // A replay makes the engine's runtime of the process if there is none; the worker's has to be there first.
    system = await workingSystem();
  });

  it('can be replayed with the workflows as they are now', async () => {
    const recorded = await readRecordedHistories();
    const replay = Worker.runReplayHistories(
      {
        workflowBundle: { codePath: await workflowBundle() },
        dataConverter: createDataConverter(system.configuration.ENCRYPTION_KEYS),
      },
      recorded.map(({ shape, text }) => ({ workflowId: shape, history: JSON.parse(text) })),
    );
    const outcomes: Record<string, string> = {};
    for await (const { workflowId, error } of replay)
      outcomes[workflowId] = error ? error.message : 'replayed';
    assert.deepEqual(outcomes, Object.fromEntries(recorded.map(({ shape }) => [shape, 'replayed'])));
  });

  it('cover every shape', async () => {
    const names = (await readRecordedHistories()).map(({ shape }) => shape);
    const ofRuns = [shapes, continuedShapes].flatMap((some) => Object.keys(some(nowhere)));
    const wanted = [
      ...ofRuns,
      ...Object.keys(scheduleShapes),
      ...Object.keys(privacyShapes),
      ...Object.keys(agentShapes),
    ];
    assert.deepEqual(
      wanted.filter((name) => !names.includes(name)),
      [],
    );
  });

  it('tell nothing of the machine on which they were recorded', async () => {
    for (const { shape, text } of await readRecordedHistories()) {
      const found = [...stringsIn(JSON.parse(text))].filter(
        (entry) =>
          entry.includes(projectRoot) ||
          entry.includes('node_modules') ||
          entry.includes(`@${hostname()}`) ||
          /(^|[\s("])\/(home|root|Users|tmp|work|var)\//.test(entry),
      );
      assert.deepEqual(found, [], shape);
    }
  });
});

/** Every text in a history, content of payloads included. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    yield Buffer.from(value, 'base64').toString('utf8');
  } else if (typeof value === 'object' && value !== null) {
    for (const entry of Object.values(value)) yield* stringsIn(entry);
  }
}
