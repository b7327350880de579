import assert from 'node:assert/strict';
import { defaultRoles, isPermitted } from './permission.js';

describe('isPermitted', () => {
  it('finds the permission itself, all of its resource, or everything', () => {
    for (const held of [['tasks:create'], ['tasks:*'], ['*'], ['runs:read', 'tasks:create']]) {
      assert.equal(isPermitted(held, 'tasks:create'), true, held.join());
    }
  });

  it('is not misled by other verbs, other resources and parts of names', () => {
    const others = [
      'tasks:read',
      'task:*',
      'tasks',
      'tasks:creat',
      'tasks:create2',
      'asks:*',
      '*:create',
      '',
    ];
    for (const held of others) assert.equal(isPermitted([held], 'tasks:create'), false, held);
    assert.equal(isPermitted([], 'tasks:create'), false);
  });

  it('covers by no role what is the platform’s, or one’s own', () => {
    for (const held of [['*'], ['platform:*'], ['platform:read'], ['self']]) {
      assert.equal(isPermitted(held, 'platform:read'), false, held.join());
      assert.equal(isPermitted(held, 'self'), false, held.join());
    }
  });

  it('asks nothing for what is public', () => {
    assert.equal(isPermitted([], 'public'), true);
  });
});

describe('the default roles', () => {
  it('let guests read and nothing else', () => {
    const guest = defaultRoles.find(({ key }) => key === 'guest');
    assert.ok(guest);
    assert.equal(isPermitted(guest.permissions, 'tasks:read'), true);
    for (const wanted of ['tasks:create', 'runs:read', 'members:read', 'api_keys:create'] as const) {
      assert.equal(isPermitted(guest.permissions, wanted), false, wanted);
    }
  });

  it('let members work on tasks but not publish automations', () => {
    const member = defaultRoles.find(({ key }) => key === 'member');
    assert.ok(member);
    assert.equal(isPermitted(member.permissions, 'tasks:create'), true);
    assert.equal(isPermitted(member.permissions, 'automations:publish'), false);
    assert.equal(isPermitted(member.permissions, 'connections:create'), false);
  });
});
