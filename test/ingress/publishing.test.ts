import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { assertRefused } from '../builders/assert-refused.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';
import { buildWebhookSecret, respond } from './webhook-automation.js';

const Checked = z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) });
const WithId = z.looseObject({ id: z.uuid() });
const set = (values: object) => ({ id: 'note', type: 'set', input: { values } });

describe('publishing an automation that is reached from outside', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  before(async () => {
    system = await testSystem();
    organization = await buildOrganization(system.app);
  });

  /** What is wrong, as `path: message`. Publishing finds the same as checking. */
  async function issuesOf(draft: object): Promise<string[]> {
    const { app } = system;
    const { caller } = organization;
    const { issues } = Checked.parse(await app.perform(caller, 'automations.check', { draft }));
    const { id } = WithId.parse(await app.perform(caller, 'automations.create', { name: 'Test', draft }));
    const publishing = app.perform(caller, 'automations.publish', { id });
    if (issues.length === 0) await publishing;
    else await assertRefused(publishing, 'validation', issues[0]?.path);
    return issues.map(({ path, message }) => `${path}: ${message}`);
  }
  const pathsOf = async (draft: object) => (await issuesOf(draft)).map((issue) => issue.split(': ')[0]);
  const webhook = (trigger: object, ...nodes: { id: string }[]) =>
    chain({ type: 'webhook', ...trigger }, nodes.length > 0 ? nodes : [set({ a: 1 })]);

  it('refuses settings of a webhook that are none', async () => {
    const wrong: [object, string][] = [
      [{ methods: [] }, 'methods'],
      [{ methods: ['BREW'] }, 'methods.0'],
      [{ path: '/a' }, 'path'],
      [{ path: 'a//b' }, 'path'],
      [{ path: 'A' }, 'path'],
      [{ path: 'a'.repeat(101) }, 'path'],
      [{ auth: 'trust' }, 'auth'],
      [{ response: 'maybe' }, 'response'],
      [{ response: 'respond', timeout: '121s' }, 'timeout'],
      [{ timeout: '10s' }, 'timeout'],
    ];
    for (const [input, field] of wrong) {
      assert.deepEqual(await pathsOf(webhook({ input })), [`trigger.input.${field}`], JSON.stringify(input));
    }
  });

  it('refuses a webhook whose connection and way to prove senders do not fit', async () => {
    const basic = { scheme: 'basic', username: 'hans', password: 'password' };
    const connection = await buildWebhookSecret(system.app, organization, basic);
    assert.deepEqual(await pathsOf(webhook({ input: { auth: 'basic' } })), ['trigger.connection']);
    assert.deepEqual(await pathsOf(webhook({ connection })), ['trigger.input.auth']);
    assert.deepEqual(await issuesOf(webhook({ connection, input: { auth: 'hmac' } })), [
      'trigger.input.auth: is hmac, but the connection is for basic',
    ]);
    assert.deepEqual(await issuesOf(webhook({ connection, input: { auth: 'basic' } })), []);
  });

  it('refuses secrets that are none', async () => {
    const secrets: [object, string][] = [
      [{ scheme: 'basic', username: 'a:b', password: 'password' }, 'secret.username'],
      [{ scheme: 'header', header: 'not a header', value: 'correct-horse' }, 'secret.header'],
      [{ scheme: 'hmac', header: 'x', secret: 'short' }, 'secret.secret'],
      [{ scheme: 'hmac', header: 'x', secret: 'long enough', algorithm: 'md5' }, 'secret.algorithm'],
      [{ scheme: 'standard_webhooks', secret: 'whsec_AAAA' }, 'secret.secret'],
      [{ scheme: 'none' }, 'secret.scheme'],
    ];
    for (const [secret, path] of secrets) {
      await assertRefused(buildWebhookSecret(system.app, organization, secret), 'validation', path);
    }
  });

  it('lets one active automation of an organization have a path', async () => {
    const { app } = system;
    const { caller } = organization;
    const draft = webhook({ input: { path: 'orders' } });
    const first = await buildAutomation(app, caller, draft);
    await assertRefused(buildAutomation(app, caller, draft), 'validation', 'trigger.input.path');
    await app.perform(caller, 'automations.publish', { id: first.id });
    const other = await buildOrganization(app);
    await buildAutomation(app, other.caller, draft);
    await app.perform(caller, 'automations.pause', { id: first.id });
    await buildAutomation(app, caller, draft);
    await assertRefused(
      app.perform(caller, 'automations.resume', { id: first.id }),
      'validation',
      'trigger.input.path',
    );
  });

  it('gives a path to one of several that ask for it at the same time', async () => {
    const publishing = Array.from({ length: 4 }, () =>
      buildAutomation(system.app, organization.caller, webhook({ input: { path: 'raced' } })),
    );
    const outcomes = await Promise.allSettled(publishing);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    assert.equal(refused.length, 3);
    assert.ok(refused.every((reason) => reason instanceof AppError && reason.code === 'validation'));
  });

  it('refuses answers that can not be given', async () => {
    const waits = { input: { response: 'respond' } };
    const wrong: [object, string][] = [
      [{ status: 199 }, 'input.status'],
      [{ status: 600 }, 'input.status'],
      [{ status: '{{ "ok" }}' }, 'input.status'],
      [{ headers: { 'set-cookie': 'a=b' } }, 'input.headers.set-cookie'],
      [{ headers: { Connection: 'close' } }, 'input.headers.Connection'],
      [{ headers: { 'Content-Security-Policy': 'none' } }, 'input.headers.Content-Security-Policy'],
      [{ headers: { 'a b': 'c' } }, 'input.headers.a b'],
      [{ headers: { a: 'b\nc' } }, 'input.headers.a'],
      [{ headers: { a: 1 } }, 'input.headers.a'],
      [{ headers: { 'x-a': 'b', 'X-A': 'c' } }, 'input.headers.x-a'],
      [{ body: '{{ trigger.nothing }}' }, 'input.body'],
    ];
    for (const [input, field] of wrong) {
      assert.deepEqual(await pathsOf(webhook(waits, respond('answer', input))), [`nodes.0.${field}`], field);
    }
  });

  it('refuses an answer where nobody waits for one', async () => {
    const answer = respond('answer', { body: 'ok' });
    const [issue = ''] = await issuesOf(webhook({}, answer));
    assert.match(issue, /^nodes\.0\.type: nobody waits.*set trigger\.input\.response to respond/);
    const event = { type: 'event', input: { event: 'task.created' } };
    assert.deepEqual(await pathsOf(chain(event, [answer])), ['nodes.0.type']);
    for (const type of ['manual', 'api']) assert.deepEqual(await issuesOf(chain({ type }, [answer])), []);
  });

  it('knows the fields of an input schema and of a form', async () => {
    const inputSchema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        at: { type: 'object', properties: { x: { type: 'number' } } },
      },
    };
    const api = (values: object, input: object = { inputSchema }) =>
      chain({ type: 'api', input }, [set(values)]);
    assert.deepEqual(await issuesOf(api({ a: '{{ trigger.title + string(trigger.at.x) }}' })), []);
    assert.match((await issuesOf(api({ a: '{{ trigger.titel }}' })))[0] ?? '', /titel/);
    assert.match((await issuesOf(api({ a: '{{ trigger.title + 1 }}' })))[0] ?? '', /no such overload/);
    assert.deepEqual(await issuesOf(api({ a: '{{ trigger.anything }}' }, {})), []);
    const fields = [
      { key: 'name', label: 'Name', kind: 'text', required: true },
      { key: 'tags', label: 'Tags', kind: 'choices', options: ['a'] },
    ];
    const form = (value: string) =>
      chain({ type: 'form', input: { title: 'T', fields } }, [set({ a: value })]);
    assert.deepEqual(await issuesOf(form('{{ trigger.fields.name + trigger.fields.tags[0] }}')), []);
    assert.match((await issuesOf(form('{{ trigger.fields.nmae }}')))[0] ?? '', /nmae/);
    assert.match((await issuesOf(form('{{ trigger.fields.tags + 1 }}')))[0] ?? '', /no such overload/);
  });

  it('refuses schemas that are none, or could take for ever', async () => {
    const at = async (inputSchema: unknown) =>
      pathsOf(chain({ type: 'api', input: { inputSchema } }, [set({ a: 1 })]));
    const deep = Array.from({ length: 12 }).reduce<object>(
      (inner) => ({ type: 'object', properties: { a: inner } }),
      {},
    );
    assert.deepEqual(await at('text'), ['trigger.input.inputSchema']);
    assert.deepEqual(await at({ type: 'array' }), ['trigger.input.inputSchema.type']);
    assert.deepEqual(await at({ type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } }), [
      'trigger.input.inputSchema.properties.a',
    ]);
    assert.deepEqual(await at({ type: 'object', $ref: 'https://example.com' }), [
      'trigger.input.inputSchema',
    ]);
    assert.deepEqual(await at(deep), ['trigger.input.inputSchema']);
  });

  it('refuses forms that can not be filled in', async () => {
    const field = { key: 'a', label: 'A', kind: 'text' };
    const at = async (input: object) =>
      pathsOf(chain({ type: 'form', input: { title: 'T', fields: [field], ...input } }, [set({ a: 1 })]));
    assert.deepEqual(await at({ title: '' }), ['trigger.input.title']);
    assert.deepEqual(await at({ fields: [] }), ['trigger.input.fields']);
    assert.deepEqual(await at({ fields: [field, field] }), ['trigger.input.fields.1.key']);
    assert.deepEqual(await at({ fields: [{ ...field, kind: 'magic' }] }), ['trigger.input.fields.0.kind']);
    assert.deepEqual(await at({ fields: [{ ...field, kind: 'choice', options: [] }] }), [
      'trigger.input.fields.0.options',
    ]);
    assert.deepEqual(await at({ afterwards: { redirect: 'http://example.com' } }), [
      'trigger.input.afterwards.redirect',
    ]);
    assert.deepEqual(await at({ afterwards: { redirect: 'javascript:alert(1)' } }), [
      'trigger.input.afterwards.redirect',
    ]);
  });
});
