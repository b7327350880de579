import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createLogger } from '../logger.js';
import type { RateStore } from './bucket.js';
import { createMemoryStore } from './memory-store.js';
import { createPlanOf, type Plan, planRates } from './plan.js';
import { createRequestRates } from './request-rates.js';

const logger = createLogger({ name: 'rates', level: 'silent' });
const away: RateStore = {
  take: () => Promise.reject(new Error('Redis is away')),
  close() {},
};

function open({
  plan = 'free',
  factor = 1,
  store = createMemoryStore(),
}: {
  plan?: Plan;
  factor?: number;
  store?: RateStore;
} = {}) {
  return createRequestRates(store, { planOf: async () => plan, factor, logger });
}

describe('the rates of requests', () => {
  const limitsOf = async (rates: ReturnType<typeof open>) => {
    const counted = await rates.count({ orgId: randomUUID(), principal: 'user:a', class: 'write' });
    return counted.state === 'counted'
      ? counted.buckets.map(({ name, limit }) => `${name} ${limit}`)
      : counted.state;
  };

  it('are those of the plan, times the factor of the deployment', async () => {
    assert.deepEqual(await limitsOf(open()), ['organization 3000', 'write 600']);
    assert.deepEqual(await limitsOf(open({ plan: 'pro' })), ['organization 15000', 'write 1500']);
    assert.deepEqual(await limitsOf(open({ factor: 0.5 })), ['organization 1500', 'write 300']);
    assert.deepEqual(await limitsOf(open({ factor: 0.0001 })), ['organization 1', 'write 1']);
    assert.equal(await limitsOf(open({ factor: 0 })), 'unlimited');
  });

  it('are counted apart for each principal and class, and together for the organization', async () => {
    const rates = open({ factor: 10 / planRates.free.send });
    const orgId = randomUUID();
    const count = async (principal: string, name: 'send' | 'read', org = orgId) => {
      const counted = await rates.count({ orgId: org, principal, class: name });
      return counted.state === 'counted' && counted.isAllowed;
    };
    for (let index = 0; index < 10; index += 1) assert.equal(await count('user:a', 'send'), true);
    assert.equal(await count('user:a', 'send'), false);
    assert.equal(await count('user:a', 'read'), true);
    assert.equal(await count('key:a', 'send'), true);
    assert.equal(await count('user:a', 'send', randomUUID()), true);
    let allowed = 0;
    for (let index = 0; index < 400; index += 1) if (await count(`user:${index}`, 'read')) allowed += 1;
    assert.equal(allowed, 250 - 12);
  });

  it('are not known while the store is away, which is no error', async () => {
    assert.equal(await limitsOf(open({ store: away })), 'unknown');
  });
});

describe('plans', () => {
  it('are read once a minute for each organization', async () => {
    let at = 0;
    const reads: string[] = [];
    const planOf = createPlanOf(
      async (orgId) => {
        reads.push(orgId);
        return 'pro';
      },
      () => at,
    );
    for (const orgId of ['a', 'b', 'a', 'a']) assert.equal(await planOf(orgId), 'pro');
    at += 60_001;
    await planOf('a');
    assert.deepEqual(reads, ['a', 'b', 'a']);
  });

  it('that can not be read count as free, and are read again', async () => {
    let isAway = true;
    const planOf = createPlanOf(async () => {
      if (isAway) throw new Error('away');
      return 'enterprise';
    });
    assert.equal(await planOf('a'), 'free');
    isAway = false;
    assert.equal(await planOf('a'), 'enterprise');
  });
});
