import assert from 'node:assert/strict';
import { z } from 'zod';
import type { TriggerDescription } from '../../catalogue.js';
import { defineEvent } from '../../event.js';
import { AutomationTrigger } from '../definition.js';
import { findTrigger, listenerTopic } from './find-trigger.js';

const mail: TriggerDescription = {
  name: 'email.received',
  title: 'Mail received',
  output: z.object({ subject: z.string() }),
  sample: () => ({ subject: 'Hello' }),
  connector: 'email',
};
const opened: TriggerDescription = {
  name: 'github.issue_opened',
  title: 'Issue opened',
  output: z.object({}),
  sample: () => ({}),
  connector: 'github',
};
const created = defineEvent({
  type: 'task.created',
  title: 'Created',
  description: '',
  payload: z.object({}),
});
const sources = {
  triggers: new Map([mail, opened].map((trigger) => [trigger.name, trigger])),
  events: new Map([[created.type, created]]),
};

function find(trigger: object): TriggerDescription | undefined {
  return findTrigger(AutomationTrigger.parse(trigger), sources);
}

describe('a trigger', () => {
  it('is built in, or of a connector', () => {
    assert.equal(find({ type: 'manual' })?.name, 'manual');
    assert.equal(find({ type: 'webhook' })?.name, 'webhook');
    assert.equal(find({ type: 'schedule' })?.name, 'schedule');
    assert.equal(find({ type: 'github.issue_opened' })?.connector, 'github');
  });

  it('knows more of what it gives, and whether it takes an answer, from its input', () => {
    const inputSchema = { type: 'object', properties: { a: { type: 'string' } } };
    assert.equal(find({ type: 'api', input: { inputSchema } })?.output.safeParse({ a: 1 }).success, false);
    assert.equal(find({ type: 'api' })?.output.safeParse({ a: 1 }).success, true);
    const fields = [{ key: 'a', label: 'A', kind: 'number', required: true }];
    const form = find({ type: 'form', input: { title: 'T', fields } });
    assert.equal(form?.output.safeParse({ fields: { a: 'b' }, submittedAt: '' }).success, false);
    assert.equal(find({ type: 'webhook' })?.takesAnswer, false);
    assert.equal(find({ type: 'webhook', input: { response: 'respond' } })?.takesAnswer, true);
  });

  it('is an event, with its payload', () => {
    const found = find({ type: 'event', input: { event: 'task.created' } });
    assert.equal(found?.name, 'event:task.created');
    assert.equal(found?.output, created.payload);
  });

  it('is mail to the address of the automation, for which no connection is needed', () => {
    const found = find({ type: 'email' });
    assert.equal(found?.name, 'email.received');
    assert.equal(found?.connector, undefined);
  });

  it('is unknown otherwise', () => {
    for (const trigger of [
      { type: 'github.issue_closed' },
      { type: 'event', input: { event: 'task.vanished' } },
      { type: 'event' },
      { type: 'constructor' },
    ]) {
      assert.equal(find(trigger), undefined, JSON.stringify(trigger));
    }
  });
});

describe('the topic that an automation listens to', () => {
  it('comes from its trigger, and there is none for what people start', () => {
    const topics = [
      { type: 'manual' },
      { type: 'webhook' },
      { type: 'schedule' },
      { type: 'email' },
      { type: 'github.issue_opened' },
    ]
      .map(find)
      .map((found) => found && listenerTopic(found));
    assert.deepEqual(topics, [
      undefined,
      'delivery:webhook',
      'delivery:schedule',
      'delivery:email.received',
      'delivery:github.issue_opened',
    ]);
    const event = find({ type: 'event', input: { event: 'task.created' } });
    assert.equal(event && listenerTopic(event), 'event:task.created');
  });
});
