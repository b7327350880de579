import assert from 'node:assert/strict';
import { hubTopic } from '#runtime/hub/hub.js';
import { deliver } from '../builders/deliver.js';
import { startRun } from '../builders/watch-runs.js';
import { eventually } from '../eventually.js';
import { buildTaskAutomation } from '../limits/limited-automation.js';
import { workingSystem } from '../system.js';

describe('those who watch the runs of an organization', () => {
  it('are told when one begins and when it ends, whether a person or an app starts it', async () => {
    const { app } = await workingSystem();
    const automation = await buildTaskAutomation(app, {});
    const { orgId, caller, id } = automation;
    const told: string[] = [];
    const stop = app.services.hub.subscribe(hubTopic.runs(orgId), ({ type, id: automationId }) => {
      if (automationId === id) told.push(type);
    });
    const untilEnds = (count: number) =>
      eventually(`${count} have ended`, () =>
        told.filter((type) => type === 'runs').length >= count ? true : undefined,
      );
    await startRun(app, caller, id, { body: { title: 'By hand' } });
    await untilEnds(1);
    await deliver(app, automation, { title: 'By an app' });
    await untilEnds(2);
    stop();
    assert.deepEqual(told, ['begun', 'runs', 'begun', 'runs']);
  });
});
