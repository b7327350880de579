import assert from 'node:assert/strict';
import { z } from 'zod';
import { ScheduledTime } from '#core/automation/triggers/schedule.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';

const Times = z.object({ times: z.array(ScheduledTime) });

const refused: readonly (readonly [input: object, field: string])[] = [
  [{ cron: '60 * * * *' }, 'cron'],
  [{ cron: '0 9 * *' }, 'cron'],
  [{ cron: '0 0 30 2 *' }, 'cron'],
  [{}, 'cron'],
  [{ cron: '0 9 * * *', every: '1h' }, 'cron'],
  [{ cron: '0 9 * * *', timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ every: '30s' }, 'every'],
  [{ every: '60500ms' }, 'every'],
  [{ every: 'often' }, 'every'],
  [{ cron: '0 9 * * *', from: '2027-01-01T00:00:00Z' }, 'from'],
  [{ at: '2020-01-01T00:00:00Z' }, 'at'],
  [{ at: '2999-01-01T00:00:00' }, 'at'],
  [{ at: 'tomorrow' }, 'at'],
  [{ every: '1h', overlap: 'sometimes' }, 'overlap'],
  [{ every: '1h', catchUp: '1s' }, 'catchUp'],
];

describe('publishing a schedule', () => {
  let app: TestSystem['app'];
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  for (const [input, field] of refused) {
    it(`is refused at ${field} of ${JSON.stringify(input)}`, async () => {
      const definition = chain({ type: 'schedule', input }, []);
      await assertRefused(
        buildAutomation(app, acme.caller, definition),
        'validation',
        `trigger.input.${field}`,
      );
    });
  }

  it('is taken of each kind', async () => {
    for (const input of [
      { cron: '0 9 * * mon-fri', timeZone: 'Europe/Zurich' },
      { every: '1m' },
      { every: '90m', from: '2027-01-01T09:00:00+05:30', timeZone: 'Asia/Kolkata' },
      { at: '2999-01-01T00:00:00+01:00', overlap: 'allow', catchUp: '1d' },
    ]) {
      assert.ok(await buildAutomation(app, acme.caller, chain({ type: 'schedule', input }, [])));
    }
  });
});

describe('the preview of a schedule', () => {
  let app: TestSystem['app'];
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
  });

  const preview = async (input: object) =>
    Times.parse(await app.perform(acme.caller, 'automations.next_times', input)).times;

  it('shows the next five times of a draft, in its zone', async () => {
    const trigger = { type: 'schedule', input: { cron: '30 2 * * *', timeZone: 'Europe/Zurich' } };
    const times = await preview({ trigger, after: '2027-03-27T00:00:00Z' });
    assert.equal(times.length, 5);
    assert.deepEqual(times.slice(0, 3), [
      {
        scheduledAt: '2027-03-27T01:30:00.000Z',
        timeZone: 'Europe/Zurich',
        local: { date: '2027-03-27', time: '02:30', weekday: 'saturday' },
      },
      {
        scheduledAt: '2027-03-28T01:00:00.000Z',
        timeZone: 'Europe/Zurich',
        local: { date: '2027-03-28', time: '03:00', weekday: 'sunday' },
      },
      {
        scheduledAt: '2027-03-29T00:30:00.000Z',
        timeZone: 'Europe/Zurich',
        local: { date: '2027-03-29', time: '02:30', weekday: 'monday' },
      },
    ]);
  });

  it('shows a single time once', async () => {
    const trigger = { type: 'schedule', input: { at: '2999-01-01T00:00:00Z' } };
    assert.equal((await preview({ trigger })).length, 1);
  });

  it('shows the turns of a trigger that asks for news', async () => {
    const trigger = { type: 'github.new_commit', input: { owner: 'o', repo: 'r', every: '10m' } };
    const times = await preview({ trigger, after: '2027-01-01T00:05:00Z', count: 1 });
    assert.equal(times[0]?.scheduledAt, '2027-01-01T00:10:00.000Z');
  });

  it('is refused with the field that is wrong', async () => {
    const refuse = (input: object, path: string) =>
      assertRefused(app.perform(acme.caller, 'automations.next_times', input), 'validation', path);
    await refuse({ trigger: { type: 'schedule', input: { cron: 'x' } } }, 'trigger.input.cron');
    await refuse({ trigger: { type: 'webhook' } }, 'trigger.type');
    await refuse({ trigger: 'daily' }, 'trigger');
    await refuse({}, 'trigger');
  });
});
