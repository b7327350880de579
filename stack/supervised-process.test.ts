import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from './process-identity.js';
import { StackRecord } from './stack-record.js';
import { type ProcessDefinition, SupervisedProcess, type Supervision } from './supervised-process.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

const forever = 'setInterval(() => {}, 1000);';

describe('SupervisedProcess', () => {
  const folder = temporaryFolder();
  const readyFile = join(folder.path, 'ready');
  const tellReady = `require('fs').writeFileSync(${JSON.stringify(readyFile)}, String(process.pid));`;
  const lines: string[] = [];
  let running: SupervisedProcess | undefined;

  afterEach(async () => {
    await running?.stop();
    rmSync(readyFile, { force: true });
    lines.length = 0;
  });
  after(() => folder.remove());

  function define(
    script: string,
    changes: Partial<ProcessDefinition> = {},
    signal = new AbortController().signal,
  ) {
    const supervision: Supervision = {
      record: new StackRecord(folder.path),
      log: (line) => lines.push(line),
      signal,
    };
    running = new SupervisedProcess(
      {
        name: 'the program',
        command: process.execPath,
        args: ['-e', script],
        env: process.env,
        logFile: join(folder.path, 'program.log'),
        isReady: async () => existsSync(readyFile),
        readyTimeoutMs: 10_000,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: 5_000,
        ...changes,
      },
      supervision,
    );
    return running;
  }

  it('has a process give way to others as far as it is told', async () => {
    const program = define(tellReady + forever, { niceness: 7 });
    await program.start();
    assert.equal(getPriority(program.pid), Math.max(7, getPriority()));
  });

  it('starts a process again that ends by itself after it was ready', async () => {
    const program = define(tellReady + forever);
    await program.start();
    const first = program.pid ?? assert.fail('it does not run');
    rmSync(readyFile);
    process.kill(first, 'SIGKILL');
    assert.ok(await waitUntil(() => existsSync(readyFile), 10_000), lines.join('\n'));
    assert.notEqual(program.pid, first);
    assert.match(lines.join('\n'), /ended \(SIGKILL\); starting it again/);
  });

  it('does not start a process again that was stopped while it started again', async () => {
    let isReady = true;
    const program = define(forever, { isReady: async () => isReady });
    await program.start();
    const first = program.pid ?? assert.fail('it does not run');
    isReady = false;
    process.kill(first, 'SIGKILL');
    const isAgain = () => program.pid !== undefined && program.pid !== first;
    assert.ok(await waitUntil(isAgain, 10_000), lines.join('\n'));
    await program.stop();
    assert.equal(await waitUntil(isAgain, 2_000), false);
    assert.equal(lines.length, 1, lines.join('\n'));
  });

  it('leaves a stopped process stopped, and starts it again when asked', async () => {
    const program = define(tellReady + forever);
    await program.start();
    const first = program.pid ?? assert.fail('it does not run');
    await program.stop();
    assert.equal(program.pid, undefined);
    assert.equal(processIdentity(first), undefined);
    await program.start();
    assert.notEqual(program.pid, first);
  });

  it('tells the last line of the log when the process ends while it starts', async () => {
    const program = define('console.error("the disk is full"); process.exit(3);');
    await assert.rejects(program.start(), {
      name: 'StartError',
      message: /^the program ended while starting \(exit code 3\): the disk is full \(log: .*program\.log\)$/,
    });
  });

  it('tells what a Go program said before it panicked', async () => {
    const panic = [
      'level=ERROR msg="address already in use"',
      'panic: runtime error: invalid memory address',
      '[signal SIGSEGV: segmentation violation]',
      '',
      'goroutine 1 [running]:',
      'main.main()',
    ].join('\n');
    const program = define(`console.error(${JSON.stringify(panic)}); process.exit(2);`);
    await assert.rejects(program.start(), {
      message:
        /^the program ended while starting \(exit code 2\): level=ERROR msg="address already in use" \(log/,
    });
  });

  it('tries as often as it may when the process ends while it starts', async () => {
    const attemptsFile = join(folder.path, 'attempts');
    rmSync(attemptsFile, { force: true });
    const count = `const fs = require('fs'); fs.appendFileSync(${JSON.stringify(attemptsFile)}, 'x');`;
    const failTwice = `if (fs.readFileSync(${JSON.stringify(attemptsFile)}).length < 3) process.exit(2);`;
    const script = count + failTwice + tellReady + forever;
    await assert.rejects(define(script, { startAttempts: 2 }).start(), { message: /exit code 2/ });
    await define(script, { startAttempts: 2 }).start();
    assert.equal(readFileSync(attemptsFile, 'utf8'), 'xxx');
  });

  it('tells when the program cannot be run at all', async () => {
    const program = define('', { command: join(folder.path, 'missing') });
    await assert.rejects(program.start(), {
      name: 'StartError',
      message: /^the program could not be run: .*missing$/,
    });
  });

  it('kills a process that ignores the wish to stop', async () => {
    const program = define(`process.on('SIGTERM', () => {});${tellReady}${forever}`, { stopTimeoutMs: 100 });
    await program.start();
    const pid = program.pid ?? assert.fail('it does not run');
    await program.stop();
    assert.equal(processIdentity(pid), undefined);
  });

  it('takes along what the process has started itself', async () => {
    const grandchild = `const child = require('child_process').spawn(process.execPath, ['-e', '${forever}']);`;
    const tellGrandchild = `require('fs').writeFileSync(${JSON.stringify(readyFile)}, String(child.pid));`;
    const program = define(grandchild + tellGrandchild + forever);
    await program.start();
    const pid = Number(readFileSync(readyFile, 'utf8'));
    assert.ok(processIdentity(pid));
    await program.kill();
    assert.ok(await waitUntil(() => processIdentity(pid) === undefined, 5_000));
  });

  it('ends a start that is no longer wanted', async () => {
    const stopping = new AbortController();
    const program = define(forever, {}, stopping.signal);
    const start = program.start();
    assert.ok(await waitUntil(() => program.pid !== undefined, 5_000));
    stopping.abort(new Error('stopped by the user'));
    await assert.rejects(start, { message: 'stopped by the user' });
    assert.equal(program.pid, undefined);
  });
});
