import assert from 'node:assert/strict';
import { type FlagDefinition, flagsOff, isFlagOn } from './flags.js';

describe('flags', () => {
  const paid: FlagDefinition = {
    kind: 'feature',
    title: 'T',
    description: 'D',
    plans: ['pro', 'enterprise'],
  };

  it('are on where the plan has them, and off where the organization says so', () => {
    assert.equal(isFlagOn(paid, 'pro', undefined), true);
    assert.equal(isFlagOn(paid, 'pro', true), true);
    assert.equal(isFlagOn(paid, 'pro', false), false);
  });

  it('are not on beyond the plan, whatever the organization says', () => {
    assert.equal(isFlagOn(paid, 'free', undefined), false);
    assert.equal(isFlagOn(paid, 'free', true), false);
  });

  it('are listed when they are off; what is not known is no flag', () => {
    assert.deepEqual(flagsOff('free', {}), []);
    assert.deepEqual(flagsOff('free', { work: false, unknown: false }), ['work']);
  });
});
