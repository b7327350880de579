import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { compareCalls, hashInput, idempotencySlot } from './idempotency.js';

const action: ActionDescription = {
  name: 'tasks.create',
  title: 'Create task',
  description: 'Adds a task.',
  permission: 'tasks:create',
  effect: 'write',
  input: z.unknown(),
  output: z.unknown(),
};
const input = { title: 'T', labels: ['a', 'b'] };
const earlier = {
  action: 'tasks.create',
  inputHash: hashInput(input),
  isFinished: true,
  output: { inline: { id: '1' } },
  isLocked: false,
};

describe('the hash of an input', () => {
  it('is the same for the same input, whatever the order of its fields', () => {
    assert.equal(hashInput({ labels: ['a', 'b'], title: 'T' }), hashInput(input));
    assert.match(hashInput(input), /^[0-9a-f]{64}$/);
  });

  it('differs for any other input', () => {
    const others = [
      {},
      { title: 'T' },
      { ...input, labels: ['b', 'a'] },
      { ...input, title: 't' },
      [],
      null,
      0,
    ];
    const hashes = others.map(hashInput);
    assert.equal(new Set([...hashes, hashInput(input)]).size, others.length + 1);
  });

  it('takes no input for null', () => {
    assert.equal(hashInput(undefined), hashInput(null));
  });
});

describe('the slot of a key', () => {
  const orgId = randomUUID();
  const id = randomUUID();

  it('belongs to the caller, so that equal keys of others do not meet', () => {
    const principals = [
      idempotencySlot({ kind: 'user', orgId, userId: id, sessionId: id }, 'k'),
      idempotencySlot({ kind: 'api_key', orgId, keyId: id, userId: id, scopes: [] }, 'k'),
      idempotencySlot({ kind: 'user', orgId, userId: randomUUID(), sessionId: id }, 'k'),
    ].map((slot) => JSON.stringify(slot));
    assert.equal(new Set(principals).size, principals.length);
  });

  it('of an automation outlives its version, whose grant changes', () => {
    const caller = { kind: 'automation', orgId, automationId: id, runId: randomUUID(), depth: 0 } as const;
    const [one, two] = [randomUUID(), randomUUID()].map((grantId) =>
      idempotencySlot({ ...caller, grantId }, 'k'),
    );
    assert.deepEqual(one, two);
    assert.deepEqual(one, { orgId, principal: `automation:${id}`, key: 'k' });
  });
});

describe('an earlier call with the same key', () => {
  it('gives its result', () => {
    assert.deepEqual(compareCalls(earlier, action, input), {
      state: 'finished',
      output: { inline: { id: '1' } },
    });
    const output = { ref: 'a'.repeat(64), size: 20_000 };
    assert.deepEqual(compareCalls({ ...earlier, output }, action, input), { state: 'finished', output });
  });

  it('may be under way, or not have been', () => {
    assert.deepEqual(compareCalls({ ...earlier, isFinished: false }, action, input), { state: 'unfinished' });
    assert.deepEqual(compareCalls(undefined, action, input), { state: 'none' });
  });

  it('with another input or for another action is an error', () => {
    const others: [ActionDescription, unknown][] = [
      [action, { ...input, title: 'Other' }],
      [{ ...action, name: 'tasks.move' }, input],
    ];
    for (const [other, otherInput] of others) {
      for (const isFinished of [true, false]) {
        assert.throws(() => compareCalls({ ...earlier, isFinished }, other, otherInput), {
          code: 'validation',
        });
      }
    }
  });
});
