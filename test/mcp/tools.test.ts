import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { buildMemberWith, memberOf } from '../builders/build-role.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { buildKey, connectMcp, revisions } from './mcp-client.js';

const Task = z.looseObject({ id: z.uuid(), title: z.string() });
const Tasks = z.object({ items: z.array(Task) });
const Problem = z.looseObject({
  code: z.string(),
  requestId: z.string(),
  issues: z.array(z.object({ path: z.string() })).optional(),
});

describe('tools of the Model Context Protocol', () => {
  let system: ServedSystem;
  let acme: BuiltOrganization;
  before(async () => {
    system = await servedSystem();
    acme = await buildOrganization(system.app);
  });

  async function connect(scopes?: readonly string[], revision: (typeof revisions)[number] = 'stateless') {
    const { key } = await buildKey(system.app, acme.caller, scopes);
    return connectMcp(system.address, key, revision);
  }
  const titles = async () =>
    Tasks.parse(await system.app.perform(acme.caller, 'tasks.list', { limit: 200 })).items.map(
      ({ title }) => title,
    );

  for (const revision of revisions) {
    describe(`in the revision with ${revision}`, () => {
      it('are listed, called, and give what the action returns', async () => {
        const { id: projectId } = await buildProject(system.app, acme.caller);
        const client = await connect(['tasks:*', 'projects:*'], revision);
        const { tools } = await client.listTools();
        const tool = tools.find(({ name }) => name === 'tasks_create');
        assert.equal(tool?.title, 'Create task');
        assert.deepEqual(tool?.inputSchema.required?.toSorted(), ['projectId', 'title']);
        const title = `Call Ada ${randomUUID()}`;
        const made = await client.callTool({ name: 'tasks_create', arguments: { projectId, title } });
        assert.equal(made.isError, undefined);
        assert.equal(Task.parse(made.structuredContent).title, title);
        assert.deepEqual(JSON.parse(textOf(made)), made.structuredContent);
        assert.ok((await titles()).includes(title));
        await client.close();
      });

      it('are refused with the code and the fields of a problem', async () => {
        const client = await connect(['tasks:*'], revision);
        const invalid = await client.callTool({ name: 'tasks_create', arguments: { title: '' } });
        assert.equal(invalid.isError, true);
        const { code, issues = [] } = Problem.parse(invalid.structuredContent);
        assert.equal(code, 'validation');
        assert.deepEqual(issues.map(({ path }) => path).toSorted(), ['projectId', 'title']);
        assert.match(textOf(invalid), /^validation: .*\n- /);
        const forbidden = await client.callTool({ name: 'projects_create', arguments: { name: 'X' } });
        assert.equal(Problem.parse(forbidden.structuredContent).code, 'forbidden');
        await assert.rejects(client.callTool({ name: 'no_such_tool' }), /There is no tool no_such_tool/);
        await client.close();
      });
    });
  }

  it('are those that the key and its person may use now', async () => {
    const narrow = await connect(['tasks:read']);
    assert.deepEqual(await toolNames(narrow), ['tasks_get', 'tasks_list']);
    const { caller } = await buildMemberWith(system.app, acme, ['projects:read', 'api_keys:*']);
    const { key } = await buildKey(system.app, caller, ['projects:read']);
    const theirs = await connectMcp(system.address, key);
    assert.ok((await toolNames(theirs)).includes('projects_list'));
    assert.ok(!(await toolNames(theirs)).includes('tasks_list'));
    const { id } = await memberOf(system.app, acme.caller, caller.userId);
    await system.app.perform(acme.caller, 'members.deactivate', { id });
    await assert.rejects(theirs.listTools({}, { cacheMode: 'bypass' }));
    await Promise.all([narrow.close(), theirs.close()]);
  });

  it('are never public ones, nor such as hold secrets or ask for a recent sign-in', async () => {
    const client = await connect();
    const names = new Set(await toolNames(client));
    const { actions } = system.app.services.catalogue;
    const closed = [...actions.values()].filter(
      ({ permission, holdsSecret, needsRecentSignIn }) =>
        permission === 'public' || permission === 'self' || holdsSecret || needsRecentSignIn,
    );
    assert.ok(closed.length > 20);
    for (const { name } of closed) {
      assert.ok(!names.has(name.replace('.', '_')), name);
    }
    const [secret] = closed.filter(({ holdsSecret }) => holdsSecret);
    await assert.rejects(client.callTool({ name: secret?.name.replace('.', '_') ?? '' }), /There is no tool/);
    await client.close();
  });

  it('say what they do to the world', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    const hints = (wanted: string) => {
      const { readOnlyHint, destructiveHint, openWorldHint } =
        tools.find(({ name }) => name === wanted)?.annotations ?? {};
      return [readOnlyHint, destructiveHint, openWorldHint];
    };
    assert.deepEqual(hints('tasks_list'), [true, false, false]);
    assert.deepEqual(hints('tasks_create'), [false, false, false]);
    assert.deepEqual(hints('slack_post_message'), [false, false, true]);
    const destructive = tools
      .filter(({ annotations }) => annotations?.destructiveHint)
      .map(({ name }) => name);
    assert.ok(destructive.includes('roles_delete'), destructive.join());
    await client.close();
  });

  it('come in pages', async () => {
    const client = await connect();
    const all = await toolNames(client);
    assert.ok(all.length > 100);
    assert.equal(new Set(all).size, all.length);
    const { key } = await buildKey(system.app, acme.caller);
    const first = await post(key, { method: 'tools/list', params: {} });
    const { tools, nextCursor } = z
      .object({ tools: z.array(z.looseObject({ name: z.string() })), nextCursor: z.string() })
      .parse(first.result);
    assert.equal(tools.length, 100);
    const second = await post(key, { method: 'tools/list', params: { cursor: nextCursor } });
    const rest = z.object({ tools: z.array(z.looseObject({ name: z.string() })) }).parse(second.result);
    assert.deepEqual(
      [...tools, ...rest.tools].map(({ name }) => name).slice(0, all.length),
      all.slice(0, tools.length + rest.tools.length),
    );
    assert.equal((await post(key, { method: 'tools/list', params: { cursor: '???' } })).error?.code, -32602);
    await client.close();
  });

  it('do a thing once for one idempotency key', async () => {
    const { id: projectId } = await buildProject(system.app, acme.caller);
    const client = await connect(['tasks:*']);
    const title = `Once ${randomUUID()}`;
    const create = (more: object = {}) =>
      client.callTool({
        name: 'tasks_create',
        arguments: { projectId, title, ...more },
        _meta: { 'worksynapse/idempotencyKey': `once-${projectId}` },
      });
    const [first, second] = [await create(), await create()];
    assert.deepEqual(first.structuredContent, second.structuredContent);
    assert.equal((await titles()).filter((one) => one === title).length, 1);
    assert.equal(Problem.parse((await create({ title: 'other' })).structuredContent).code, 'validation');
    await client.close();
  });

  it('do a thing once when a request of a session is sent again', async () => {
    const { id: projectId } = await buildProject(system.app, acme.caller);
    const { key } = await buildKey(system.app, acme.caller, ['tasks:*']);
    const title = `Again ${randomUUID()}`;
    const send = (sessionId: string) =>
      post(
        key,
        { id: 7, method: 'tools/call', params: { name: 'tasks_create', arguments: { projectId, title } } },
        { 'mcp-session-id': sessionId },
      );
    const session = randomUUID();
    await Promise.all([send(session), send(session)]);
    await send(session);
    assert.equal((await titles()).filter((one) => one === title).length, 1);
    await send(randomUUID());
    assert.equal((await titles()).filter((one) => one === title).length, 2);
  });

  it('end in mid-session with the key', async () => {
    const { id, key } = await buildKey(system.app, acme.caller, ['tasks:read']);
    for (const revision of revisions) {
      const client = await connectMcp(system.address, key, revision);
      if (revision === 'sessions') {
        assert.equal((await client.callTool({ name: 'tasks_list' })).isError, undefined);
        continue;
      }
      await system.app.perform(acme.caller, 'api_keys.revoke', { id });
      await assert.rejects(client.callTool({ name: 'tasks_list' }));
      await assert.rejects(client.listTools({}, { cacheMode: 'bypass' }));
    }
  });

  it('show nothing of another organization', async () => {
    const other = await buildOrganization(system.app);
    const { id: projectId } = await buildProject(system.app, other.caller);
    const foreign = Task.parse(
      await system.app.perform(other.caller, 'tasks.create', { projectId, title: 'Theirs' }),
    );
    const client = await connect();
    const got = await client.callTool({ name: 'tasks_get', arguments: { id: foreign.id } });
    assert.equal(Problem.parse(got.structuredContent).code, 'not_found');
    const created = await client.callTool({ name: 'tasks_create', arguments: { projectId, title: 'Ours' } });
    assert.equal(created.isError, true);
    await client.close();
  });

  async function toolNames(client: Awaited<ReturnType<typeof connect>>): Promise<string[]> {
    return (await client.listTools({}, { cacheMode: 'bypass' })).tools.map(({ name }) => name);
  }

  /** A message of the revision with sessions, as it stands. */
  async function post(key: string, message: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${system.address}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
    });
    const text = await response.text();
    const json = /^data: (.+)$/m.exec(text)?.[1] ?? text;
    return z
      .looseObject({ result: z.unknown().optional(), error: z.looseObject({ code: z.number() }).optional() })
      .parse(JSON.parse(json));
  }
});

function textOf(result: { content?: readonly { type: string }[] | undefined }): string {
  const [block] = result.content ?? [];
  return z.object({ text: z.string() }).parse(block).text;
}
