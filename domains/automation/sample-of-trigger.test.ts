import assert from 'node:assert/strict';
import { catalogue } from '#app.js';
import { AppError } from '#core/errors.js';
import { sampleOfTrigger } from './sample-of-trigger.js';

const nowMs = Date.UTC(2027, 2, 1, 8, 30);

function sampleOf(trigger: unknown): unknown {
  return sampleOfTrigger(trigger, catalogue, nowMs);
}

function assertRefused(trigger: unknown, path: string): void {
  assert.throws(
    () => sampleOf(trigger),
    (error) => error instanceof AppError && error.code === 'validation' && error.issues[0]?.path === path,
    path,
  );
}

describe('the sample of a definition', () => {
  it('is there for every event and every app, before anything is connected', () => {
    for (const event of catalogue.events.keys())
      assert.ok(sampleOf({ type: 'event', input: { event } }), event);
    assert.ok(sampleOf({ type: 'github.issue_opened' }));
    assert.ok(sampleOf({ type: 'github.new_commit', input: { owner: 'acme', repo: 'shop' } }));
    assert.ok(sampleOf({ type: 'slack.message_posted' }));
    assert.ok(sampleOf({ type: 'email' }));
  });

  it('holds the defaults and examples that the schema names', () => {
    const properties = { amount: { type: 'number', examples: [19.5, 20] }, unit: { default: 'EUR' } };
    const input = { inputSchema: { type: 'object', properties } };
    assert.deepEqual(sampleOf({ type: 'api', input }), { amount: 19.5, unit: 'EUR' });
  });

  it('is refused by the field that is wrong', () => {
    assertRefused(undefined, 'trigger');
    assertRefused({ type: 'github.issue_burned' }, 'trigger.type');
    assertRefused({ type: 'event', input: { event: 'task.vanished' } }, 'trigger.input.event');
    assertRefused({ type: 'github.new_commit', input: { owner: 'acme' } }, 'trigger.input.repo');
    assertRefused({ type: 'form', input: { title: 'T', fields: [] } }, 'trigger.input.fields');
    assertRefused({ type: 'schedule', input: { cron: 'never' } }, 'trigger.input.cron');
    assertRefused({ type: 'email', input: { from: 'ada@example.com' } }, 'trigger.input');
  });

  it('is refused where nothing fits, or nothing small', () => {
    for (const field of [
      { type: 'integer', minimum: 3, maximum: 2 },
      { type: 'array', minItems: 1_000_000_000, items: { type: 'string' } },
    ]) {
      const inputSchema = { type: 'object', properties: { field } };
      assertRefused({ type: 'manual', input: { inputSchema } }, 'trigger.input');
    }
  });
});
