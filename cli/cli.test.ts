import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { createServer } from '#api/server.js';
import { projectRoot } from '#runtime/project-root.js';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { chain } from '#test/builders/build-automation.js';
import { buildSlackConnection } from '#test/builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { buildProject } from '#test/builders/build-project.js';
import { type TestSystem, workingSystem } from '#test/system.js';
import { runCli } from './testing/run-cli.js';

const template = join(projectRoot, 'examples', 'escalate-refunds.template.json');
const Key = z.object({ key: z.string() });
const scopes = ['automations:*', 'runs:*', 'tasks:*', 'slack:*'];
const Ids = z.object({ automations: z.array(z.looseObject({ id: z.uuid(), name: z.string() })) });
const greeting = chain({ type: 'webhook' }, [
  { id: 'greet', type: 'set', input: { values: { text: 'Hello {{ trigger.body.name }}' } } },
]);

describe('the command line', () => {
  let system: TestSystem;
  let server: Server;
  let url: string;
  let acme: BuiltOrganization;
  let environment: NodeJS.ProcessEnv;
  let folder: ReturnType<typeof temporaryFolder>;

  before(async () => {
    system = await workingSystem();
    server = createHttpServer(createServer(system.app));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(async () => {
    folder = temporaryFolder();
    acme = await buildOrganization(system.app);
    environment = { WORKSYNAPSE_URL: url, WORKSYNAPSE_API_KEY: await keyFor(scopes) };
  });
  afterEach(() => folder.remove());
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const cli = (...args: string[]) => runCli(args, { environment });
  const perform = (action: string, input: object) => system.app.perform(acme.caller, action, input);
  const keyFor = async (of: string[]) =>
    Key.parse(await perform('api_keys.create', { name: 'CLI', scopes: of })).key;

  function file(content: unknown, name = 'automation.json'): string {
    const path = join(folder.path, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  async function templateSettings() {
    await buildSlackConnection(system.app, acme.caller, 'http://127.0.0.1:9/api/');
    const { id } = await buildProject(system.app, acme.caller);
    return ['--set', 'slack=Slack', '--set', `project=${id}`, '--set', 'urgent_amount=50'];
  }

  it('publishes a definition, tells its version and address, and changes nothing the second time', async () => {
    const path = file(greeting);
    const first = await cli('publish', path, '--note', 'First');
    assert.equal(first.status, 0, first.stderr);
    assert.match(
      first.stdout,
      /^Published "Test" as version 1\.\n {2}It listens at http.*\/hooks\/webhook\/\w+\n$/,
    );

    const again = await cli('publish', path);
    assert.match(again.stdout, /^"Test" is unchanged: version 1 is published\./);

    file({ ...greeting, settings: { timeout: '5m' } });
    const second = await cli('publish', path, '--json');
    const { automations } = Ids.parse(JSON.parse(second.stdout));
    assert.deepEqual(
      automations.map(({ name, version, isPublishedNow }) => [name, version, isPublishedNow]),
      [['Test', 2, true]],
    );
    const versions = await perform('automations.list_versions', { id: automations[0]?.id });
    assert.match(JSON.stringify(versions), /"note":"First"/);
  });

  it('publishes nothing where something is wrong, and names the node', async () => {
    const broken = { ...greeting, nodes: [{ id: 'greet', type: 'action', action: 'tasks.fly' }] };
    const path = file({ format: 'worksynapse.automation', version: 1, automations: [greeting, broken] });
    const { status, stdout, stderr } = await cli('publish', path);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(
      stderr,
      /^"Test" can't be published, and nothing was changed\.\n {2}greet, nodes\.0\.action: /,
    );
    const { items } = z.object({ items: z.array(z.unknown()) }).parse(await perform('automations.list', {}));
    assert.deepEqual(items, []);
  });

  it('validates files one by one, and saves nothing', async () => {
    const good = file(greeting, 'good.json');
    const bad = file(chain({ type: 'nothing' }, []), 'bad.json');
    const both = await cli('validate', good, bad);
    assert.equal(both.status, 1);
    assert.match(both.stdout, /good\.json: "Test" is valid\.\n/);
    assert.match(
      both.stdout,
      /bad\.json: "Test" is not valid:\n {2}trigger, trigger\.type: there is no trigger/,
    );
    assert.equal(both.stderr, '1 of 2 files are not valid.\n');
    assert.equal((await cli('validate', good)).status, 0);
    const json = await cli('validate', good, bad, '--json');
    assert.equal(json.status, 1);
    assert.equal(z.object({ files: z.array(z.unknown()) }).parse(JSON.parse(json.stdout)).files.length, 2);
    assert.match(JSON.parse(json.stderr).error.message, /not valid/);
  });

  it('runs an automation with input and shows its steps', async () => {
    await cli('publish', file(greeting));
    const options = { environment, input: '{ "body": { "name": "Ada" } }' };
    const waited = await runCli(['run', 'Test', '--input', '-', '--wait', '--timeout', '30'], options);
    assert.equal(waited.status, 0, waited.stderr);
    assert.match(waited.stdout, /greet +│ set +│ succeeded .*text: Hello Ada/);
    assert.match(waited.stdout, /The run has succeeded after \d+ ms\.\n$/);
    assert.match(waited.stderr, /^Started run \S+ of "Test", version 1\.\n$/);

    const started = await cli('run', 'Test', '--json');
    assert.equal(
      z.object({ id: z.uuid(), status: z.string() }).parse(JSON.parse(started.stdout)).status,
      'queued',
    );
  });

  it('tests a file and one step of it, and publishes nothing', async () => {
    const path = file({
      ...greeting,
      nodes: [
        ...greeting.nodes,
        { id: 'echo', type: 'set', input: { values: { v: '{{ steps.greet.output.text }}!' } } },
      ],
      edges: [...greeting.edges, { source: 'greet', target: 'echo' }],
    });
    const input = file({ body: { name: 'Ada' } }, 'input.json');
    const whole = await cli('test', path, '--input', input);
    assert.equal(whole.status, 0, whole.stderr);
    assert.match(whole.stdout, /echo +│ set +│ succeeded .*v: Hello Ada!/);
    assert.match(whole.stderr, /^Saved the draft of "Test"\.\nStarted test run \S+ of "Test"\.\n$/);
    const [, runId = ''] = /test run (\S+)/.exec(whole.stderr) ?? [];

    const step = await cli('test', 'Test', '--step', 'echo', '--run', runId);
    assert.equal(step.status, 0, step.stderr);
    assert.match(step.stdout, /greet +│ set +│ pinned /);
    const missing = await cli('test', 'Test', '--from', 'echo');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /greet, pinned\.steps\.greet: is missing: echo reads the output of greet/);
    const { items } = z
      .object({ items: z.array(z.object({ publishedVersion: z.null(), status: z.literal('draft') })) })
      .parse(await perform('automations.list', {}));
    assert.equal(items.length, 1);
  });

  it('tests a file with a sample of what its trigger gives', async () => {
    const inputSchema = { type: 'object', properties: { name: { examples: ['Ada'] } } };
    const echo = { id: 'echo', type: 'set', input: { values: { v: 'Hello {{ trigger.name }}' } } };
    const path = file(chain({ type: 'api', input: { inputSchema } }, [echo]));
    const sample = await cli('test', path, '--sample');
    assert.equal(sample.status, 0, sample.stderr);
    assert.match(sample.stdout, /echo +│ set +│ succeeded .*v: Hello Ada/);
  });

  it('ends with status 1 and the reason when a run fails', async () => {
    const failing = chain({ type: 'manual' }, [
      { id: 'fail', type: 'stop', input: { status: 'failed', message: 'Not today' } },
    ]);
    await cli('publish', file(failing));
    const { status, stdout, stderr } = await cli('run', 'Test', '--wait', '--json');
    assert.equal(status, 1);
    assert.equal(z.object({ status: z.string() }).parse(JSON.parse(stdout)).status, 'failed');
    assert.match(JSON.parse(stderr).error.message, /has failed.*Not today/);
  });

  it('waits no longer than it is told, and the run goes on', async () => {
    const waiting = chain({ type: 'manual' }, [{ id: 'pause', type: 'wait', input: { duration: '1h' } }]);
    await cli('publish', file(waiting));
    const { status, stderr } = await cli('run', 'Test', '--wait', '--timeout', '2');
    assert.equal(status, 1);
    assert.match(stderr, /did not end within 2 s: it is (waiting|running), and goes on\.\n$/);
  });

  it('exports what another organization imports', async () => {
    await cli('publish', template, ...(await templateSettings()));
    const path = join(folder.path, 'exported.json');
    const exported = await cli('export', 'Escalate refunds', '-o', path);
    assert.equal(exported.stdout, `Wrote "Escalate refunds" to ${path}.\n`);
    assert.match(
      readFileSync(path, 'utf8'),
      /"connection": \{\s+"connector": "slack",\s+"name": "Slack"\s+\}/,
    );

    acme = await buildOrganization(system.app);
    environment.WORKSYNAPSE_API_KEY = await keyFor(['automations:*']);
    const imported = await cli('import', path);
    assert.equal(imported.status, 0, imported.stderr);
    assert.match(imported.stdout, /^Imported "Escalate refunds" \(.+\); it is not published by this\.\n/);
    assert.match(imported.stdout, /tell, nodes\.3\.connection: left out: there is no connection of slack/);
  });

  it('exports everything in one document, to standard output', async () => {
    for (const name of ['B', 'A']) await perform('automations.create', { name, draft: { name } });
    const { status, stdout } = await cli('export', '--all');
    assert.equal(status, 0);
    const head = { format: 'worksynapse.automation', version: 1 };
    const automations = ['A', 'B'].map((name) => ({ name, description: '' }));
    assert.deepEqual(JSON.parse(stdout), { ...head, automations });
  });

  it('fills in parameters in their types, and names what is missing', async () => {
    const settings = await templateSettings();
    const missing = await cli('import', template, '--set', 'urgent_amount=many');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /\n {2}parameters\.slack: is missing: Slack workspace/);
    assert.match(missing.stderr, /\n {2}parameters\.urgent_amount: must be a number\n/);
    const valid = await cli('validate', template, ...settings);
    assert.equal(valid.status, 0, valid.stdout);
    const imported = Ids.parse(JSON.parse((await cli('import', template, ...settings, '--json')).stdout));
    const automation = await perform('automations.get', { id: imported.automations[0]?.id });
    assert.match(JSON.stringify(automation), /"urgentFrom":50/);
  });

  it('replaces a draft where it is told to', async () => {
    const path = file(greeting);
    const first = Ids.parse(JSON.parse((await cli('import', path, '--json')).stdout));
    const replaced = await cli('import', path, '--replace');
    assert.match(
      replaced.stdout,
      new RegExp(`^Replaced the draft of "Test" \\(${first.automations[0]?.id}\\)`),
    );
    await cli('import', path);
    const ambiguous = await cli('run', 'Test');
    assert.deepEqual(
      [ambiguous.status, ambiguous.stderr],
      [1, 'There are several automations named "Test": use the id of one.\n'],
    );
  });

  it('takes the key from a file before the environment', async () => {
    const path = file(`${environment.WORKSYNAPSE_API_KEY}\n`, 'key');
    environment.WORKSYNAPSE_API_KEY = 'wsk_wrong';
    assert.equal((await cli('export', '--all')).stderr, 'The API key is not valid.\n');
    const { stderr } = await cli('export', '--all', '--api-key-file', path);
    assert.equal(stderr, 'There is no automation to export.\n');
  });

  it('says in one sentence what it can not do, with status 1', async () => {
    assert.deepEqual(await cli('run', 'Nobody'), {
      status: 1,
      stdout: '',
      stderr: 'There is no automation named "Nobody".\n',
    });
    environment.WORKSYNAPSE_API_KEY = await keyFor(['tasks:read']);
    const forbidden = await cli('run', 'Nobody');
    assert.equal(forbidden.stderr, 'automations.list needs the permission automations:read.\n');
    const away = await cli('run', 'Nobody', '--url', 'http://127.0.0.1:9');
    assert.equal(away.status, 1);
    assert.match(away.stderr, /^Nothing answers at http:\/\/127\.0\.0\.1:9\. Is the system running/);
  });

  it('says how it was called wrongly, with status 2', async () => {
    const path = file('{ "trigger": ', 'half.json');
    const calls: [args: string[], sentence: RegExp][] = [
      [['validate', path], /half\.json is not JSON: /],
      [['validate', file({ nodes: [] }, 'nodes.json')], /holds neither a document .* nor a definition/],
      [['validate', join(folder.path, 'none.json')], /none\.json can't be read: there is no such file/],
      [['publish'], /missing required argument 'file'/],
      [['fly'], /unknown command 'fly'/],
      [['export'], /^Name one automation to export, or say --all\.\n$/],
      [['import', file(greeting), '--set', 'x'], /^--set takes key=value, not "x"\.\n$/],
      [['run', 'Test', '--wait', '--timeout', 'soon'], /It must be a number of seconds above 0/],
      [['run', 'Test', '--input', file('[]', 'list.json')], /^The input must be a JSON object/],
      [['test', 'Test', '--step', 'a', '--from', 'b'], /^Say --step or --from, not both\.\n$/],
      [['test', 'Test', '--sample', '--input', '-'], /^Say --input or --sample, not both\.\n$/],
      [['run', 'Test', '--url', 'localhost'], /must begin with http/],
      [['run', 'Test', '--api-key-file', folder.path], /can't be read from .*: it is a folder\.\n$/],
    ];
    for (const [args, sentence] of calls) {
      const { status, stdout, stderr } = await cli(...args);
      assert.deepEqual([status, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, sentence);
    }
    delete environment.WORKSYNAPSE_API_KEY;
    const { status, stderr } = await cli('run', 'Test');
    assert.equal(status, 2);
    assert.match(stderr, /^An API key is needed: set WORKSYNAPSE_API_KEY/);
  });

  it('shows help, with every command', async () => {
    const { status, stdout } = await cli('--help');
    assert.equal(status, 0);
    for (const name of ['validate', 'publish', 'run', 'test', 'export', 'import'])
      assert.match(stdout, new RegExp(`\n  ${name} `));
  });
});
