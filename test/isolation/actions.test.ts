import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { z } from 'zod';
import { jsonSchemaOf } from '#core/expression/json-schema-types.js';
import { assertRefused } from '../builders/assert-refused.js';
import { chain } from '../builders/build-automation.js';
import { buildOrganization } from '../builders/build-organization.js';
import { openOwner } from '../owner.js';
import { type TestSystem, workingSystem } from '../system.js';
import { type BusyOrganization, buildBusyOrganization } from './build-busy-organization.js';
import { foreignCalls } from './foreign-ids.js';
import { listRows } from './list-rows.js';

const List = z.object({ items: z.array(z.looseObject({ id: z.string().optional() })) });
const WithId = z.looseObject({ id: z.uuid() });

describe('an action that names something of another organization', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  let own: BusyOrganization;
  let other: BusyOrganization;
  let rowsOfOther: string[];

  before(async () => {
    system = await workingSystem();
    owner = openOwner(system.stack);
    [own, other] = await Promise.all([buildBusyOrganization(system.app), buildBusyOrganization(system.app)]);
    rowsOfOther = await listLastingRows();
  });
  afterEach(async () => {
    assert.deepEqual(await listLastingRows(), rowsOfOther, 'the other organization is unchanged');
  });

  it('is tried for every id that some action takes', () => {
    assert.deepEqual(Object.keys(foreignCalls).sort(), listIdFields(system).sort());
  });

  for (const [name, { input, outcome }] of Object.entries(foreignCalls)) {
    const [action = ''] = name.split(' ');
    it(`gets ${outcome} from ${name}`, async () => {
      if (action === 'identity.log_in') return assertKeptOut(input(other, own));
      // Who has made a row of the same id is another organization than those that must not find one.
      const asking = outcome === 'a row of its own' ? await buildBusyOrganization(system.app) : own;
      const call = system.app.perform(asking.caller, action, input(other, asking));
      if (outcome === 'an empty list') {
        assert.deepEqual(List.parse(await call).items, []);
      } else if (outcome === 'nothing ended') {
        assert.deepEqual(await call, { ended: 0 });
      } else if (outcome === 'own rows only') {
        const before = List.parse(await system.app.perform(other.caller, action, {})).items;
        const foreign = new Set(before.map(({ id }) => id));
        assert.ok(List.parse(await call).items.every(({ id }) => !foreign.has(id)));
      } else if (outcome === 'nothing') {
        // What becomes of the other organization is looked at after each test.
        await call;
      } else if (outcome === 'a row of its own') {
        assert.ok(WithId.parse(await call).id);
      } else {
        await assertRefused(call, outcome);
      }
    });
  }

  it('gets validation from every connector action that is given its connection', async () => {
    const actions = [...system.app.services.catalogue.actions.values()];
    const connected = actions.filter(({ kind }) => kind === 'connector');
    assert.ok(connected.length > 0);
    const inputs: Record<string, object> = {
      'slack.post_message': { channel: '#general', text: 'Hello' },
      'slack.look_up_user': { email: 'a@example.com' },
      'slack.list_channels': {},
      'slack.list_users': {},
      'github.list_owners': {},
      'github.list_repositories': {},
      'github.create_issue': { owner: 'o', repo: 'r', title: 'T' },
      'github.create_comment': { owner: 'o', repo: 'r', number: 1, body: 'B' },
      'github.get_issue': { owner: 'o', repo: 'r', number: 1 },
      'http.request': { url: 'https://example.com/' },
      'code.run': { source: 'return 1' },
      'email.send': { to: ['a@example.com'], subject: 'S', text: 'T' },
    };
    for (const { name } of connected) {
      assert.ok(inputs[name], `an input for ${name}`);
      const options = { connectionId: other.connectionId };
      await assertRefused(
        system.app.perform(own.caller, name, inputs[name], options),
        'validation',
        'connection',
      );
    }
  });

  it('gets validation for its connection in an automation, in a step and in a trigger', async () => {
    const step = {
      id: 'tell',
      type: 'action',
      action: 'slack.post_message',
      connection: other.connectionId,
      input: { channel: '#general', text: 'Hello' },
    };
    await assertRefused(publish(chain({ type: 'manual' }, [step])), 'validation', 'nodes.0.connection');
    const trigger = { type: 'slack.message_posted', connection: other.connectionId };
    const listening = { name: 'Listen', trigger, nodes: [], edges: [] };
    const names = [...system.app.services.catalogue.triggers.keys()];
    const slackTrigger = names.find((name) => name.startsWith('slack.'));
    await assertRefused(
      publish({ ...listening, trigger: { ...trigger, type: slackTrigger } }),
      'validation',
      'trigger.connection',
    );
  });

  it('gets validation for its automation, as a subflow, for failures and in a trigger', async () => {
    const call = { id: 'call', type: 'subflow', automation: other.automationId };
    await assertRefused(publish(chain({ type: 'manual' }, [call])), 'validation', 'nodes.0.automation');
    const noted = chain({ type: 'manual' }, [{ id: 'note', type: 'set', input: { values: {} } }]);
    const settings = { onFailure: other.automationId };
    await assertRefused(publish({ ...noted, settings }), 'validation', 'settings.onFailure');
    const trigger = { type: 'error', input: { automations: [other.automationId] } };
    await assertRefused(publish({ ...noted, trigger }), 'validation', 'trigger.input.automations.0');
  });

  it('finds no hook when a key is bent to its organization', async () => {
    const { intake } = system.app;
    const found = await intake.findHook(other.connectionHookKey);
    assert.equal(found.orgId, other.orgId);
    for (const key of [other.connectionHookKey, other.automationHookKey]) {
      const bent = own.orgId.replaceAll('-', '') + key.slice(32);
      await assertRefused(intake.findHook(bent), 'not_found');
    }
  });

  /** All rows of the other organization but the dispatcher's notes, which come and go. */
  async function listLastingRows(): Promise<string[]> {
    return (await listRows(owner, other.orgId)).filter((row) => !row.startsWith('dispatch_queue '));
  }

  async function publish(draft: object): Promise<unknown> {
    const { id } = WithId.parse(
      await system.app.perform(own.caller, 'automations.create', { name: 'Test', draft }),
    );
    return system.app.perform(own.caller, 'automations.publish', { id });
  }

  async function assertKeptOut(input: object): Promise<void> {
    const { email, password } = await buildOrganization(system.app);
    const call = system.app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password, ...input });
    await assertRefused(call, 'forbidden');
  }
});

/** `action field` for every input field that is an id. */
function listIdFields({ app }: TestSystem): string[] {
  return [...app.services.catalogue.actions.values()].flatMap(({ name, input }) =>
    Object.entries(jsonSchemaOf(input, 'input').properties ?? {})
      .filter(([, field]) => JSON.stringify(field).includes('"format":"uuid"'))
      .map(([field]) => `${name} ${field}`),
  );
}
