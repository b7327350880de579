import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { auditedPerson } from '#domains/identity/person-context.js';
import { gatesAfterInput, pass } from '#runtime/authorize.js';
import type { Caller } from '#runtime/caller.js';
import { manual, set } from '#test/automation/nodes.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { askAgent, buildAgent } from '#test/builders/build-agent.js';
import { buildAutomation } from '#test/builders/build-automation.js';
import { buildMember } from '#test/builders/build-member.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { buildMemberWith, memberOf } from '#test/builders/build-role.js';
import { buildTask } from '#test/builders/build-task.js';
import { openOwner } from '#test/owner.js';
import { type TestSystem, testSystem } from '#test/system.js';
import { askGates } from './ask-gates.js';
import { findPrincipal } from './principal.js';

const Explained = z.object({
  isAllowed: z.boolean(),
  refusedBy: z.string().nullable(),
  gates: z.array(
    z.object({ gate: z.string(), isPassed: z.boolean(), code: z.string().nullable(), text: z.string() }),
  ),
});
const Key = z.object({ id: z.uuid(), key: z.string() });
const LoggedIn = z.looseObject({ status: z.string().optional() });
type Principal = { kind: 'user' | 'api_key' | 'automation' | 'agent'; id: string };

/** Somebody who tries something, and the question why they may or may not. */
interface Attempt {
  principal: Principal;
  action: string;
  input: object;
  object?: { resource: string; id: string };
  address?: string;
  /** As who they come to the door; throws where their credential is refused before it. */
  caller(): Promise<Caller>;
}

describe('an explanation of what somebody may', () => {
  let system: TestSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await testSystem();
  });
  beforeEach(async () => {
    acme = await buildOrganization(system.app);
  });

  const perform = (action: string, input: object, caller: Caller = acme.caller) =>
    system.app.perform(caller, action, input);
  const explain = async (question: object, caller: Caller = acme.caller) =>
    Explained.parse(await perform('permissions.explain', question, caller));
  const owner = () => openOwner(system.stack);

  async function memberTrying(action: string, input: object): Promise<Attempt & { userId: string }> {
    const { userId, caller } = await buildMember(system.app, acme, 'member');
    const principal = { kind: 'user' as const, id: userId };
    return { principal, action, input, caller: async () => caller, userId };
  }

  async function keyTrying(action: string, key: object, address?: string): Promise<Attempt> {
    const made = Key.parse(await perform('api_keys.create', { name: 'K', scopes: ['tasks:read'], ...key }));
    return {
      principal: { kind: 'api_key', id: made.id },
      action,
      input: {},
      ...(address !== undefined && { address }),
      caller: () => system.app.resolveApiKey(made.key, address),
    };
  }

  async function automationTrying(): Promise<Attempt & { grantId: string }> {
    const { id } = await buildAutomation(system.app, acme.caller, manual([set('a', {})], 'trigger > a'));
    const { orgId } = acme;
    const [row] =
      await owner()`SELECT grant_id FROM automation_versions WHERE org_id = ${orgId} AND automation_id = ${id}`;
    const { grant_id: grantId } = z.object({ grant_id: z.string() }).parse(row);
    const caller = { kind: 'automation' as const, orgId, automationId: id, grantId, runId: id, depth: 0 };
    await owner()`UPDATE grants SET scopes = '{tasks:read}' WHERE org_id = ${orgId} AND id = ${grantId}`;
    const principal = { kind: 'automation' as const, id };
    return { principal, action: 'tasks.list', input: {}, caller: async () => caller, grantId };
  }

  /** An agent that may look at tasks and delete them, on behalf of its maker. */
  async function agentTrying(action: string): Promise<Attempt> {
    const { orgId, userId } = acme;
    const id = await buildAgent(system.app, acme.caller, {
      actions: [{ name: 'tasks.list' }, { name: 'tasks.delete' }],
    });
    const [row] =
      await owner()`SELECT grant_id FROM agent_versions WHERE org_id = ${orgId} AND agent_id = ${id}`;
    const { grant_id: grantId } = z.object({ grant_id: z.string() }).parse(row);
    const runId = await askAgent(system.app, acme.caller, id, 'Hello');
    const caller = {
      ...{ kind: 'agent' as const, orgId, agentId: id, grantId, runId, userId, depth: 0 },
      approval: 'by_effect' as const,
    };
    const input = action === 'tasks.delete' ? { id } : {};
    return { principal: { kind: 'agent', id }, action, input, caller: async () => caller };
  }

  /** For each gate, somebody who is stopped by it. */
  const refused: Record<string, () => Promise<Attempt>> = {
    key: async () => {
      const attempt = await keyTrying('tasks.list', {});
      await perform('api_keys.revoke', { id: attempt.principal.id });
      return attempt;
    },
    network: () => keyTrying('tasks.list', { allowedNetworks: ['10.0.0.0/8'] }, '192.0.2.1'),
    membership: async () => {
      const attempt = await memberTrying('tasks.list', {});
      const { id } = await memberOf(system.app, acme.caller, attempt.userId);
      await perform('members.deactivate', { id });
      return attempt;
    },
    organization: async () => {
      const attempt = await memberTrying('tasks.list', {});
      await owner()`UPDATE organizations SET erase_at = now() + interval '1 day' WHERE id = ${acme.orgId}`;
      return attempt;
    },
    grant: async () => {
      const attempt = await automationTrying();
      await owner()`UPDATE grants SET revoked_at = now() WHERE org_id = ${acme.orgId} AND id = ${attempt.grantId}`;
      return attempt;
    },
    module: async () => {
      await perform('flags.set', { name: 'work', isOn: false });
      return memberTrying('tasks.list', {});
    },
    approval: () => agentTrying('tasks.delete'),
    person: () => keyTrying('sessions.list', {}),
    role: () => memberTrying('roles.create', { key: 'k', name: 'K', permissions: [] }),
    scopes: () => keyTrying('projects.list', {}),
    recent_sign_in: async () => {
      const attempt = await memberTrying('api_keys.create', { name: 'K', scopes: ['tasks:read'] });
      await owner()`UPDATE sessions SET authenticated_at = now() - interval '11 minutes'
        WHERE org_id = ${acme.orgId} AND user_id = ${attempt.userId}`;
      return attempt;
    },
    object: async () => {
      const { id } = await buildProject(system.app, acme.caller, { visibility: 'private' });
      return { ...(await memberTrying('projects.get', { id })), object: { resource: 'projects', id } };
    },
  };

  for (const [gate, build] of Object.entries(refused)) {
    it(`says of the gate ${gate} what the door says`, async () => {
      const { caller, input, ...question } = await build();
      const { principal, action, object, address } = question;
      const asked = { principal, action, ...(object && { object }), ...(address && { address }) };
      const answer = await explain(asked);
      assert.equal(answer.refusedBy, gate);
      assert.equal(answer.isAllowed, false);
      const code = answer.gates.find((asking) => asking.gate === gate)?.code;
      const error = await caller()
        .then((known) => perform(action, input, known))
        .then(
          () => assert.fail('the door refuses'),
          (reason: unknown) => reason,
        );
      assert.ok(error instanceof AppError);
      assert.equal(error.code, code);
    });
  }

  const allowed: Record<string, { build: () => Promise<Attempt>; gates: string[] }> = {
    'a person': {
      build: async () => {
        const { id } = await buildTask(system.app, acme.caller);
        return { ...(await memberTrying('tasks.get', { id })), object: { resource: 'tasks', id } };
      },
      gates: ['membership', 'organization', 'module', 'role', 'object'],
    },
    'a key': {
      build: () => keyTrying('tasks.list', { allowedNetworks: ['192.0.2.0/24'] }, '192.0.2.1'),
      gates: ['key', 'network', 'membership', 'organization', 'module', 'role', 'scopes'],
    },
    'an automation': {
      build: automationTrying,
      gates: ['membership', 'organization', 'grant', 'module', 'role', 'scopes'],
    },
    'an agent': {
      build: () => agentTrying('tasks.list'),
      gates: ['membership', 'organization', 'grant', 'module', 'role', 'scopes', 'approval'],
    },
    'a person who has just signed in': {
      build: () => memberTrying('api_keys.create', { name: 'K', scopes: ['tasks:read'] }),
      gates: ['membership', 'organization', 'person', 'role', 'recent_sign_in'],
    },
  };

  for (const [who, { build, gates }] of Object.entries(allowed)) {
    it(`says that ${who} may whom the door lets in`, async () => {
      const { caller, input, ...question } = await build();
      const { principal, action, object, address } = question;
      const asked = { principal, action, ...(object && { object }), ...(address && { address }) };
      const answer = await explain(asked);
      assert.deepEqual(
        answer.gates.map(({ gate, isPassed, code }) => [gate, isPassed, code]),
        gates.map((gate) => [gate, true, null]),
      );
      assert.deepEqual([answer.isAllowed, answer.refusedBy], [true, null]);
      await perform(action, input, await caller());
    });
  }

  it('says of the second factor what signing in says', async () => {
    const { userId, email, password } = await buildMember(system.app, acme, 'member');
    const ask = async () => {
      const told = await explain({ principal: { kind: 'user', id: userId }, action: 'tasks.list' });
      const gate = told.gates.find((answer) => answer.gate === 'second_factor');
      return { refusedBy: told.refusedBy, isPassed: gate?.isPassed, code: gate?.code, text: gate?.text };
    };
    const logIn = async () =>
      LoggedIn.parse(await system.app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password }));
    assert.equal((await ask()).isPassed, undefined, 'nothing is asked');
    await perform('organization.update_sign_in_rules', { needsSecondFactor: true });
    const before = await ask();
    assert.deepEqual([before.refusedBy, before.isPassed], [null, true], 'the session goes on');
    assert.match(before.text ?? '', /has signed in without a second factor/);
    await owner()`UPDATE sessions SET revoked_at = now() WHERE user_id = ${userId}`;
    const outside = await ask();
    assert.equal((await logIn()).status, 'enroll_second_factor');
    assert.deepEqual(
      [outside.refusedBy, outside.isPassed, outside.code],
      ['second_factor', false, 'unauthenticated'],
    );
    await owner()`INSERT INTO totp_secrets (user_id, secret, confirmed_at) VALUES (${userId}, 'x', now())`;
    const enrolled = await ask();
    assert.equal((await logIn()).status, 'second_factor');
    assert.deepEqual([enrolled.refusedBy, enrolled.isPassed], [null, true]);
  });

  it('says of the approval gate what the door says of an agent, and nothing of anybody else', async () => {
    const { actions } = system.app.services.catalogue;
    const found = await system.app.services.database.withOrg(acme.orgId, (db) =>
      findPrincipal({ db, actor: auditedPerson(acme.orgId, acme.userId) }, { kind: 'user', id: acme.userId }),
    );
    for (const [kind, name, code] of [
      ['agent', 'projects.delete', 'approval_required'],
      ['agent', 'projects.update', null],
      ['user', 'projects.delete', undefined],
    ] as const) {
      const action = actions.get(name);
      if (!action || action.permission === 'public') assert.fail(name);
      const principal = { ...found, actor: { ...found.actor, kind } };
      const answer = askGates(principal, action, undefined).find(({ gate }) => gate === 'approval');
      assert.equal(answer?.code, code);
      const atDoor = () => pass(gatesAfterInput, principal.actor, action);
      if (code) assert.throws(atDoor, { code });
      else atDoor();
    }
  });

  it('names the role that gives a permission, and all that stands against it', async () => {
    const { userId } = await buildMember(system.app, acme, 'member');
    const principal = { kind: 'user', id: userId };
    const { gates } = await explain({ principal, action: 'tasks.create' });
    assert.equal(
      gates.find(({ gate }) => gate === 'role')?.text,
      'The role Member holds tasks:create, by tasks:*.',
    );
    await perform('members.deactivate', { id: (await memberOf(system.app, acme.caller, userId)).id });
    const later = await explain({ principal, permission: 'members:update' });
    const against = later.gates.filter(({ isPassed }) => !isPassed).map(({ gate }) => gate);
    assert.deepEqual([later.refusedBy, against], ['membership', ['membership', 'role']]);
  });

  it('tells nothing of an object to who may not see it', async () => {
    const other = await buildOrganization(system.app);
    const { id } = await buildProject(system.app, acme.caller, { visibility: 'private' });
    const object = { resource: 'projects', id };
    const ask = (caller: Caller, userId: string) =>
      explain({ principal: { kind: 'user', id: userId }, action: 'projects.get', object }, caller);
    await assertRefused(ask(other.caller, other.userId), 'not_found');
    const scrutineer = await buildMemberWith(system.app, acme, ['permissions:explain', 'projects:read']);
    await assertRefused(ask(scrutineer.caller, acme.userId), 'not_found');
    const blind = await buildMemberWith(system.app, acme, ['permissions:explain']);
    await assertRefused(ask(blind.caller, acme.userId), 'forbidden');
  });

  it('names what there is none of', async () => {
    const principal = { kind: 'user', id: acme.userId };
    await assertRefused(explain({ principal, action: 'tasks.fly' }), 'validation', 'action');
    await assertRefused(explain({ principal, permission: 'tasks:fly' }), 'validation', 'permission');
    await assertRefused(explain({ principal }), 'validation', 'permission');
    const object = { resource: 'flights', id: acme.userId };
    await assertRefused(explain({ principal, action: 'tasks.get', object }), 'validation', 'object.resource');
    const other = await buildOrganization(system.app);
    const stranger = { kind: 'user', id: other.userId };
    await assertRefused(explain({ principal: stranger, action: 'tasks.list' }), 'validation', 'principal.id');
  });
});
