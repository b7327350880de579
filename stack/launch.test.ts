import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { processIdentity } from './process-identity.js';
import { StackRecord } from './stack-record.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

const api = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end(process.env.DATABASE_OWNER_URL ?? 'no owner'));
  server.listen(Number(process.env.PORT), process.env.HOST, () => console.log('api listens'));
  process.on('SIGTERM', () => { console.log('api stops'); server.close(); server.closeAllConnections(); });
`;
const worker = `
  const timer = setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { console.log('worker stops'); clearInterval(timer); });
`;

describe('npm start', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const home = join(folder.path, 'home');
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder.path, name), text);
    return join(folder.path, name);
  };
  const programs = ['--api', file('api.mjs', api), '--worker', file('worker.mjs', worker)];
  programs.push('--migrations', file('migrations.mjs', ''));
  let launchers: ChildProcess[] = [];

  afterEach(async () => {
    for (const launcher of launchers) launcher.kill('SIGTERM');
    await Promise.all(launchers.map(ended));
    launchers = [];
  });
  after(() => folder.remove());

  interface Launch {
    launcher: ChildProcess;
    output: () => string;
  }

  function launch(environment: NodeJS.ProcessEnv = {}): Launch {
    const launcher = spawn(process.execPath, [join(projectRoot, 'dist', 'stack', 'launch.js'), ...programs], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: '0',
        WORKSYNAPSE_HOME: home,
        ...environment,
      },
      detached: true,
    });
    launchers.push(launcher);
    let output = '';
    launcher.stdout.on('data', (chunk) => (output += chunk));
    launcher.stderr.on('data', (chunk) => (output += chunk));
    return { launcher, output: () => output };
  }

  async function launchUntilReady(): Promise<Launch & { address: string }> {
    const launched = launch();
    const isReady = (): boolean =>
      launched.output().includes('Stop with Ctrl-C') || hasEnded(launched.launcher);
    assert.ok(await waitUntil(isReady, 60_000), launched.output());
    const address = /ready at (\S+) after/.exec(launched.output())?.[1];
    return { ...launched, address: address ?? assert.fail(launched.output()) };
  }

  function hasEnded(child: ChildProcess): boolean {
    return child.exitCode !== null || child.signalCode !== null;
  }

  async function ended(child: ChildProcess): Promise<number | null> {
    if (!hasEnded(child)) await once(child, 'exit');
    return child.exitCode;
  }

  it('stops API, worker and services in order on Ctrl-C in the terminal, even when it comes twice', async () => {
    const { launcher, output, address } = await launchUntilReady();
    const processes = new StackRecord(home).read();
    assert.ok(processes.length >= 6, JSON.stringify(processes));
    assert.equal(await (await fetch(address)).text(), 'no owner');

    const group = -(launcher.pid ?? assert.fail());
    process.kill(group, 'SIGINT');
    process.kill(group, 'SIGINT');
    assert.equal(await ended(launcher), 0);
    for (const { name, pid } of processes) assert.equal(processIdentity(pid), undefined, name);
    assert.match(output(), /api stops.*worker stops.*Stopped/s);
  });

  it('starts again after it was killed together with nothing else', async () => {
    const killed = await launchUntilReady();
    const left = new StackRecord(home).read();
    killed.launcher.kill('SIGKILL');
    await ended(killed.launcher);
    assert.ok(left.filter(({ pid }) => processIdentity(pid) !== undefined).length >= 5);

    const second = await launchUntilReady();
    for (const { name, pid } of left) assert.equal(processIdentity(pid), undefined, name);
    assert.match(second.output(), /stopping PostgreSQL \(process \d+\), left by a start that was killed/);
  });

  it('starts the API again when it ends unexpectedly', async () => {
    const { output, address } = await launchUntilReady();
    const running = new StackRecord(home).read().find(({ name }) => name === 'the API');
    process.kill(running?.pid ?? assert.fail(), 'SIGKILL');
    assert.ok(await waitUntil(() => output().includes('the API runs again'), 20_000), output());
    assert.equal((await fetch(address)).status, 200);
  });

  it('refuses a second start from the same folder', async () => {
    await launchUntilReady();
    const second = launch();
    assert.equal(await ended(second.launcher), 1);
    assert.match(second.output(), /WorkSynapse already runs from .*; stop it first/);
  });

  it('says in one sentence which port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    const { launcher, output } = launch({ PORT: String(address.port) });
    const code = await ended(launcher);
    other.close();
    assert.equal(code, 1);
    assert.match(output(), /\nPort \d+ \(API\) is in use by another program; free it or set PORT\.\n$/);
    assert.doesNotMatch(output(), /\n {4}at /);
  });

  it('says in one sentence that the data folder cannot be written', async () => {
    const { launcher, output } = launch({ WORKSYNAPSE_HOME: join(folder.path, 'api.mjs', 'home') });
    assert.equal(await ended(launcher), 1);
    assert.match(output(), /\nThe data folder .* cannot be written \(ENOTDIR\); set WORKSYNAPSE_HOME .*\n$/);
  });

  it('leaves nothing behind when it is stopped while it starts', async () => {
    const { launcher, output } = launch();
    assert.ok(await waitUntil(() => output().includes('Redis'), 20_000), output());
    launcher.kill('SIGINT');
    assert.equal(await ended(launcher), 0, output());
    assert.deepEqual(new StackRecord(home).read(), []);
    assert.throws(() => readFileSync(join(home, 'postgres', 'postmaster.pid')), { code: 'ENOENT' });
  });
});
