import assert from 'node:assert/strict';
import type { Plan } from './plan.js';
import { countPlanParts, planPart } from './plan-parts.js';

describe('the parts of a plan', () => {
  it('are the whole plan when joined, and each is small', () => {
    const values = { text: '発注書を確認してください。'.repeat(4_000) };
    const plan: Plan = {
      format: 1,
      trigger: { uses: [], where: undefined },
      isLight: true,
      usesLocalActivities: true,
      timeoutMs: undefined,
      compensations: {},
      undoesFailed: false,
      nodes: [{ id: 'set', type: 'set', incoming: [], reads: [], values }],
    };
    const parts = Array.from({ length: countPlanParts(plan) }, (_, part) => planPart(plan, part));
    assert.deepEqual(JSON.parse(parts.join('')), JSON.parse(JSON.stringify(plan)));
    assert.ok(parts.length > 5);
    assert.ok(parts.every((part) => Buffer.byteLength(JSON.stringify(part)) < 16 * 1024));
  });
});
