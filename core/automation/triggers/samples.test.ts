import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineEvent } from '../../event.js';
import { AutomationTrigger } from '../definition.js';
import { findTrigger } from './find-trigger.js';

const nowMs = Date.UTC(2027, 2, 1, 8, 30);

const created = defineEvent({
  type: 'task.created',
  title: 'Created',
  description: '',
  payload: z.object({ id: z.uuid(), title: z.string(), dueOn: z.iso.date().nullable() }),
});
const mail = {
  name: 'email.received',
  title: 'Received',
  output: z.object({ subject: z.string() }),
  sample: () => ({ subject: 'Hello' }),
};
const sources = { triggers: new Map([[mail.name, mail]]), events: new Map([[created.type, created]]) };

/** What the trigger's own schema makes of its sample. */
function sampleOf(given: object): unknown {
  const definition = AutomationTrigger.parse(given);
  const trigger = findTrigger(definition, sources);
  assert.ok(trigger, definition.type);
  const sample = trigger.sample(definition.input, nowMs);
  assert.deepEqual(trigger.output.parse(sample), sample);
  return sample;
}

describe('the sample of a trigger', () => {
  it('that people or programs start goes by its input schema', () => {
    const properties = { amount: { type: 'integer', minimum: 5 }, mail: { type: 'string', format: 'email' } };
    const input = { inputSchema: { type: 'object', properties } };
    for (const type of ['manual', 'api']) {
      assert.deepEqual(sampleOf({ type }), {});
      assert.deepEqual(sampleOf({ type, input }), { amount: 5, mail: 'ada@example.com' });
    }
  });

  it('that is a webhook is a request by a method that it takes', () => {
    const headers = { 'content-type': 'application/json', 'user-agent': 'Example/1.0' };
    const body = { example: 'text' };
    assert.deepEqual(sampleOf({ type: 'webhook' }), { method: 'POST', headers, query: {}, body });
    assert.deepEqual(sampleOf({ type: 'webhook', input: { methods: ['PUT', 'GET'] } }), {
      method: 'PUT',
      headers,
      query: {},
      body,
    });
    assert.deepEqual(sampleOf({ type: 'webhook', input: { methods: ['GET'] } }), {
      method: 'GET',
      headers: { 'user-agent': 'Example/1.0' },
      query: body,
      body: null,
    });
  });

  it('that is a schedule is its next time, or now where there is none', () => {
    assert.deepEqual(
      sampleOf({ type: 'schedule', input: { cron: '0 9 * * *', timeZone: 'Europe/Zurich' } }),
      {
        scheduledAt: '2027-03-02T08:00:00.000Z',
        timeZone: 'Europe/Zurich',
        local: { date: '2027-03-02', time: '09:00', weekday: 'tuesday' },
      },
    );
    const now = {
      scheduledAt: '2027-03-01T08:30:00.000Z',
      timeZone: 'UTC',
      local: { date: '2027-03-01', time: '08:30', weekday: 'monday' },
    };
    assert.deepEqual(sampleOf({ type: 'schedule', input: { at: '2027-01-01T00:00:00Z' } }), now);
    assert.deepEqual(sampleOf({ type: 'schedule', input: { cron: 'never' } }), now);
  });

  it('that is a form has an answer to each field, within its limits', () => {
    const fields = [
      { key: 'name', label: 'Your name', kind: 'text', limits: { maxLength: 4 } },
      { key: 'why', label: 'Why', kind: 'long_text', limits: { minLength: 10 } },
      { key: 'mail', label: 'Mail', kind: 'email' },
      { key: 'days', label: 'Days', kind: 'number', limits: { min: 2.5, whole: true } },
      { key: 'from', label: 'From', kind: 'date', limits: { min: '2028-01-01' } },
      { key: 'until', label: 'Until', kind: 'date', limits: { max: '2026-01-01' } },
      { key: 'today', label: 'Today', kind: 'date' },
      { key: 'size', label: 'Size', kind: 'choice', options: ['S', 'M'] },
      { key: 'extras', label: 'Extras', kind: 'choices', options: ['A', 'B'] },
      { key: 'agreed', label: 'Agreed', kind: 'checkbox' },
      { key: 'photo', label: 'Photo', kind: 'file', limits: { accept: ['image/*'], maxSize: 10 } },
      { key: 'letter', label: 'Letter', kind: 'file' },
    ].map((field) => ({ ...field, required: true }));
    const sample = sampleOf({ type: 'form', input: { title: 'Holidays', fields } });
    const { photo, letter, ...others } = z
      .object({ fields: z.looseObject({ photo: z.unknown(), letter: z.unknown() }), submittedAt: z.string() })
      .parse(sample).fields;
    assert.deepEqual(others, {
      name: 'Your',
      why: 'Why Why Why'.slice(0, 10),
      mail: 'ada@example.com',
      days: 3,
      from: '2028-01-01',
      until: '2026-01-01',
      today: '2027-03-01',
      size: 'S',
      extras: ['A'],
      agreed: true,
    });
    assert.ok(photo && letter);
  });

  it('that is an event goes by its payload', () => {
    const { id, ...rest } = created.payload.parse(
      sampleOf({ type: 'event', input: { event: 'task.created' } }),
    );
    assert.ok(id);
    assert.deepEqual(rest, { title: 'title', dueOn: '2027-03-01' });
  });

  it('that is a failure is one of an automation that it hears of', () => {
    const automations = ['5b1f0c0e-2f4e-4d0a-8a55-3f1c7a6e9d21'];
    const Failure = z.looseObject({ run: z.looseObject({ automationId: z.uuid(), finishedAt: z.string() }) });
    const { run } = Failure.parse(sampleOf({ type: 'error', input: { automations } }));
    assert.deepEqual([run.automationId, run.finishedAt], [automations[0], '2027-03-01T08:30:00.000Z']);
    assert.ok(sampleOf({ type: 'error' }));
  });

  it('that is mail is that of the app', () => {
    assert.deepEqual(sampleOf({ type: 'email' }), { subject: 'Hello' });
  });
});
