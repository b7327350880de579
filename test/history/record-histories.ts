import { rm, writeFile } from 'node:fs/promises';
import { closeAll } from '../closing.js';
import { continuingSystem } from '../continuing-system.js';
import { workingSystem } from '../system.js';
import { agentShapes } from './agent-shapes.js';
import { continuedShapes } from './continued-shapes.js';
import { privacyShapes } from './privacy-shapes.js';
import { publishableHistory } from './publishable-history.js';
import { historyPath, readRecordedHistories } from './recorded-histories.js';
import { buildSurroundings, runShape } from './run-shape.js';
import { scheduleShapes } from './schedule-shapes.js';
import { shapes } from './shapes.js';
import { readHistory, readPresentHistory, type StoredHistory } from './stored-history.js';

/**
 * Records a history of every shape anew, in place of those that are kept:
 *
 *     npm run build && node --enable-source-maps dist/test/history/record-histories.js
 *
 * or of the shapes that are named behind it only.
 *
 * Only for a workflow of which no run is under way anywhere, as before a first release. After that, histories are kept
 * as they are and new ones are added beside them.
 */
async function recordHistories(): Promise<void> {
  const system = await workingSystem();
  const { organization, ...surroundings } = await buildSurroundings(system);
  const wanted = process.argv.slice(2);
  const isWanted = (name: string) =>
    wanted.length === 0 || wanted.some((one) => [one, `${one}-child`, `${one}-first`].includes(name));
  for (const { shape } of await readRecordedHistories()) if (isWanted(shape)) await rm(historyPath(shape));
  for (const [name, run] of Object.entries({ ...scheduleShapes, ...privacyShapes })) {
    if (!isWanted(name)) continue;
    const history = await readHistory(system, await run(system, organization));
    await writeFile(historyPath(name), publishableHistory(history));
    console.log(`Recorded ${name}`);
  }
  for (const [name, run] of Object.entries(agentShapes)) {
    if (!isWanted(name)) continue;
    const history = await readPresentHistory(system, await run(system, organization));
    await writeFile(historyPath(name), publishableHistory(history));
    console.log(`Recorded ${name}`);
  }
  for (const [name, shape] of Object.entries(shapes(surroundings))) {
    if (!isWanted(name)) continue;
    const workflowId = await runShape(system, organization, shape);
    const history = await readHistory(system, workflowId);
    await writeFile(historyPath(name), publishableHistory(history));
    const [child] = childrenIn(history);
    if (child)
      await writeFile(historyPath(`${name}-child`), publishableHistory(await readHistory(system, child)));
    console.log(`Recorded ${name}`);
  }
  await recordContinued(isWanted);
}

/** Of a workflow that goes on as a new one, the last part and the first. */
async function recordContinued(isWanted: (name: string) => boolean): Promise<void> {
  const system = await continuingSystem();
  const { organization, ...surroundings } = await buildSurroundings(system);
  for (const [name, shape] of Object.entries(continuedShapes(surroundings))) {
    if (!isWanted(name)) continue;
    const workflowId = await runShape(system, organization, shape);
    const last = await readHistory(system, workflowId);
    const started = last.decoded.events[0]?.workflowExecutionStartedEventAttributes;
    const first = await readHistory(system, workflowId, started?.firstExecutionRunId ?? '');
    await writeFile(historyPath(name), publishableHistory(last));
    await writeFile(historyPath(`${name}-first`), publishableHistory(first));
    console.log(`Recorded ${name}`);
  }
}

/** Ids of the workflows that one has started. */
function childrenIn({ decoded }: StoredHistory): string[] {
  return decoded.events.flatMap(
    (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? [],
  );
}

try {
  await recordHistories();
} finally {
  await closeAll();
}
