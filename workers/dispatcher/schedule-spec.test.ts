import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { openEngineClient } from '#test/builders/schedule-of.js';
import { testSystem } from '#test/system.js';
import { vectors } from '#test/triggers/vectors.js';
import { scheduleSpec } from './schedule-spec.js';

describe('the schedule that the engine gets', () => {
  let client: Client;
  before(async () => {
    client = await openEngineClient((await testSystem()).configuration);
  });

  for (const { name, timetable, after, times } of vectors) {
    it(`fires when the preview says, for ${name}`, async () => {
      const afterMs = Date.parse(after);
      const { spec } = scheduleSpec(timetable, false, afterMs);
      // The engine reckons from now on, unless it is told to begin later: the first full second that is not over.
      spec.startAt ??= new Date(afterMs + 1_000);
      const handle = await client.schedule.create({
        scheduleId: randomUUID(),
        spec,
        action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
      });
      const { info } = await handle.describe();
      await handle.delete();
      const first = info.nextActionTimes.slice(0, times.length);
      assert.deepEqual(
        first.map((time) => time.toISOString()),
        times.map((time) => new Date(time).toISOString()),
      );
    });
  }

  it('holds no more moments than it has to', () => {
    const nowMs = Date.parse('2027-01-01T00:00:00Z');
    const often = scheduleSpec({ kind: 'cron', cron: '* * * * *', timeZone: 'UTC' }, false, nowMs);
    assert.equal(often.spec.calendars?.length, 64);
    assert.equal(often.plannedUntilMs, nowMs + 64 * 60_000);
    const rarely = scheduleSpec({ kind: 'cron', cron: '0 0 29 2 *', timeZone: 'UTC' }, false, nowMs);
    assert.equal(rarely.spec.calendars?.length, 2);
  });
});
