import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#runtime/project-root.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { chain } from '#test/builders/build-automation.js';
import { buildSlackConnection } from '#test/builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Automation } from '../automation.js';

const Issue = z.object({ path: z.string(), message: z.string(), node: z.string().optional() });
const Imported = z.object({
  items: z.array(
    z.object({
      automation: Automation,
      isNew: z.boolean(),
      replacedDraft: z.int().nullable(),
      issues: z.array(Issue),
    }),
  ),
});
const Checked = z.object({ items: z.array(z.object({ name: z.string(), issues: z.array(Issue) })) });
const head = { format: 'worksynapse.automation', version: 1 };
const slack = { connector: 'slack', name: 'Slack' };
const layout = { nodes: { tell: { x: 40, y: 80 } } };

const telling = (connection: unknown, text = 'Hello') =>
  chain(
    { type: 'manual' },
    [
      {
        id: 'tell',
        type: 'action',
        action: 'slack.post_message',
        ...(connection !== undefined && { connection }),
        input: { channel: '#general', text },
      },
    ],
    { layout },
  );

describe('a document of automations', () => {
  let app: BuilderApp;
  let acme: BuiltOrganization;
  before(async () => {
    ({ app } = await testSystem());
  });
  beforeEach(async () => {
    acme = await buildOrganization(app);
  });

  const perform = (action: string, input: object, caller = acme.caller) =>
    app.perform(caller, `automations.${action}`, input);
  const create = async (draft: object) =>
    Automation.parse(await perform('create', { name: 'Test', description: 'Tells', draft }));
  const importFrom = async (document: unknown, more: object = {}) =>
    Imported.parse(await perform('import', { document, ...more })).items;
  const connect = () => buildSlackConnection(app, acme.caller, 'http://127.0.0.1:9/api/');

  async function importOne(document: object, more: object = {}) {
    const [item] = await importFrom({ ...head, ...document }, more);
    assert.ok(item);
    return item;
  }

  it('names connections by app and name, and holds no id and no secret', async () => {
    const { id: connection } = await connect();
    const { id, webhookUrl } = await create(telling(connection));
    const document = await perform('export', { id });
    assert.deepEqual(document, {
      ...head,
      automation: { ...telling(slack), description: 'Tells' },
    });
    const text = JSON.stringify(document);
    for (const secret of [connection, acme.orgId, acme.userId, webhookUrl, 'xoxb']) {
      assert.ok(!text.includes(secret), secret);
    }
  });

  it('finds the connections of the organization that imports it', async () => {
    const { id: connection } = await connect();
    const document = await perform('export', { id: (await create(telling(connection))).id });
    acme = await buildOrganization(app, { name: 'Other' });
    const { id: own } = await connect();
    const [item] = await importFrom(document);
    assert.deepEqual(item?.automation.draft, telling(own));
    assert.deepEqual([item?.isNew, item?.issues], [true, []]);
    assert.deepEqual([item?.automation.name, item?.automation.description], ['Test', 'Tells']);
    assert.deepEqual([item?.automation.status, item?.automation.ownerId], ['draft', acme.userId]);
    await perform('publish', { id: item?.automation.id });
  });

  it('is of the draft, or of a version that was published', async () => {
    const { id } = await create(chain({ type: 'manual' }, []));
    await perform('publish', { id });
    await perform('update', { id, draft: { unfinished: true } });
    const ofDraft = await perform('export', { id });
    assert.deepEqual(ofDraft, {
      ...head,
      automation: { name: 'Test', description: 'Tells', unfinished: true },
    });
    const ofVersion = z
      .object({ automation: z.looseObject({ trigger: z.unknown() }) })
      .parse(await perform('export', { id, publishedVersion: 1 }));
    assert.deepEqual(ofVersion.automation.trigger, { type: 'manual', input: {} });
  });

  it('leaves out a connection that is not there, and names its node', async () => {
    const item = await importOne({ automation: telling(slack) });
    assert.deepEqual(item.automation.draft, telling(undefined));
    assert.deepEqual(item.issues, [
      {
        path: 'nodes.0.connection',
        node: 'tell',
        message: 'left out: there is no connection of slack named "Slack"',
      },
    ]);
  });

  it('leaves out a connection whose name is not unique, is deleted, or is of another organization', async () => {
    const { id } = await connect();
    await connect();
    const [several] = (await importOne({ automation: telling(slack) })).issues;
    assert.match(several?.message ?? '', /several connections/);
    await app.perform(acme.caller, 'connections.delete', { id });
    assert.deepEqual((await importOne({ automation: telling(slack) })).issues, []);
    const [gone] = (await importOne({ automation: telling(id) })).issues;
    assert.match(gone?.message ?? '', /nor the id of a connection/);

    const other = await buildOrganization(app);
    const foreign = await buildSlackConnection(app, other.caller, 'http://127.0.0.1:9/api/');
    const [kept] = (await importOne({ automation: telling(foreign.id) })).issues;
    assert.match(kept?.message ?? '', /nor the id of a connection/);
  });

  it('has its fields in an order that people read', async () => {
    const { id } = await create(telling(undefined));
    const text = JSON.stringify(await perform('export', { id }));
    assert.match(text, /"automation":\{"name":.*"description":.*"trigger":.*"nodes":.*"edges":/);
    assert.match(text, /"nodes":\[\{"id":"tell","type":"action","action":"slack.post_message","input":/);
  });

  it('takes no field of data for a connection', async () => {
    const data = { connection: { connector: 'slack', name: 'Nobody' } };
    const draft = chain({ type: 'manual' }, [{ id: 'note', type: 'set', input: { values: data } }]);
    const item = await importOne({ automation: draft });
    assert.deepEqual([item.automation.draft, item.issues], [draft, []]);
  });

  it('may hold several automations, which are saved all or none', async () => {
    const items = await importFrom({ ...head, automations: [{ name: 'A' }, { name: 'B', nodes: [] }] });
    assert.deepEqual(
      items.map(({ automation }) => [automation.name, automation.draft]),
      [
        ['A', { name: 'A' }],
        ['B', { name: 'B', nodes: [] }],
      ],
    );
    const tooLarge = { name: 'C', nodes: ['x'.repeat(300_000)] };
    await assertRefused(
      importFrom({ ...head, automations: [{ name: 'D' }, tooLarge] }),
      'validation',
      'document.automations.1',
    );
    const list = z.object({ items: z.array(z.unknown()) });
    assert.equal(list.parse(await perform('list', {})).items.length, 2);
    const many = Array.from({ length: 201 }, (_, index) => ({ name: `Many ${index}` }));
    await assertRefused(importFrom({ ...head, automations: many }), 'validation', 'document.automations');
  });

  it('makes a second automation of the same name, or replaces the draft and keeps the old one', async () => {
    const first = await create({ old: true });
    const document = { automation: { name: 'Test', description: 'New', fresh: true } };
    const beside = await importOne(document);
    assert.notEqual(beside.automation.id, first.id);
    const ambiguous = importOne(document, { existing: 'replace' });
    assert.match((await assertRefused(ambiguous, 'conflict')).message, /several automations named "Test"/);

    await app.perform(acme.caller, 'automations.delete', { id: beside.automation.id });
    const replaced = await importOne(document, { existing: 'replace' });
    assert.deepEqual([replaced.automation.id, replaced.isNew], [first.id, false]);
    assert.deepEqual(replaced.automation.draft, { name: 'Test', fresh: true });
    assert.equal(replaced.automation.description, 'New');
    const back = await perform('restore_draft', { id: first.id, number: replaced.replacedDraft });
    assert.deepEqual(Automation.parse(back).draft, { old: true });
  });

  it('replaces drafts only by a different one of each name, and only for who may update', async () => {
    const twice = { ...head, automations: [{ name: 'A' }, { name: 'A' }] };
    await assertRefused(
      importFrom(twice, { existing: 'replace' }),
      'validation',
      'document.automations.1.name',
    );
    const scopes = ['automations:create'];
    const key = { ...acme.caller, kind: 'api_key' as const, keyId: acme.userId, scopes };
    const input = { document: { ...head, automation: { name: 'A' } } };
    await assertRefused(
      app.perform(key, 'automations.import', { ...input, existing: 'replace' }),
      'forbidden',
    );
    await app.perform(key, 'automations.import', input);
  });

  describe('with parameters', () => {
    const parameters = [
      { key: 'channel', title: 'Channel', type: 'string' },
      { key: 'limit', title: 'Limit', type: 'number', default: 5 },
      { key: 'app', title: 'Slack', type: 'connection', connector: 'slack', required: false },
    ];
    const automation = telling('[[app]]', 'To [[channel]], [[limit]] times: {{ trigger.text }}');
    const document = { ...head, parameters, automation };

    it('fills in values and defaults, and finds the connection by its name', async () => {
      const { id } = await connect();
      const [item] = await importFrom(document, { parameters: { channel: '#a', app: 'Slack' } });
      assert.deepEqual(item?.automation.draft, telling(id, 'To #a, 5 times: {{ trigger.text }}'));
      const [bare] = await importFrom(document, { parameters: { channel: '#a', limit: 7 } });
      assert.deepEqual(bare?.automation.draft, telling(undefined, 'To #a, 7 times: {{ trigger.text }}'));
    });

    it('refuses values that are missing, of another type or unknown, and names each', async () => {
      const given = { limit: '7', app: 'Nobody', chanel: '#a' };
      const error = await assertRefused(importFrom(document, { parameters: given }), 'validation');
      assert.deepEqual(
        error.issues.map(({ path, message }) => [path, message]),
        [
          ['parameters.chanel', 'the document has no such parameter; it has channel, limit, app'],
          ['parameters.channel', 'is missing: Channel (a string)'],
          ['parameters.limit', 'must be a number'],
          ['parameters.app', 'there is no connection of slack named "Nobody"'],
        ],
      );
    });

    it('refuses a value that would be an expression', async () => {
      const hidden = importFrom(document, { parameters: { channel: '{{ trigger.secret }}' } });
      await assertRefused(hidden, 'validation', 'parameters.channel');
    });

    it('refuses a placeholder inside an expression, and names the node', async () => {
      const inside = { ...document, automation: telling(undefined, '{{ size([[channel]]) }}') };
      const error = await assertRefused(
        importFrom(inside, { parameters: { channel: '#a' } }),
        'validation',
        'document.automation.nodes.0.input.text',
      );
      assert.equal(error.issues[0]?.node, 'tell');
    });

    it('is checked without being saved', async () => {
      const [checked] = Checked.parse(
        await perform('check_import', { document, parameters: { channel: '#a' } }),
      ).items;
      assert.deepEqual(checked?.name, 'Test');
      assert.deepEqual(
        checked?.issues.map(({ node, path }) => [node, path]),
        [['tell', 'nodes.0.connection']],
      );
      const { items } = z.object({ items: z.array(z.unknown()) }).parse(await perform('list', {}));
      assert.deepEqual(items, []);
    });
  });

  it('of the examples can be imported and published', async () => {
    await connect();
    const project = await buildProject(app, acme.caller);
    const file = join(projectRoot, 'examples', 'escalate-refunds.template.json');
    const document: unknown = JSON.parse(await readFile(file, 'utf8'));
    const parameters = { slack: 'Slack', project: project.id };
    const checked = Checked.parse(await perform('check_import', { document, parameters }));
    assert.deepEqual(checked.items, [{ name: 'Escalate refunds', issues: [] }]);
    const [item] = await importFrom(document, { parameters });
    await perform('publish', { id: item?.automation.id });
  });
});
