import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimHome, ownerName } from './leftovers.js';
import { processIdentity } from './process-identity.js';
import { StackRecord } from './stack-record.js';
import { temporaryFolder } from './temporary-folder.js';

describe('claimHome', () => {
  const folder = temporaryFolder();
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  after(() => folder.remove());

  function runForever(): { pid: number; identity: string } {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    started.push(child);
    const pid = child.pid ?? assert.fail('the process did not start');
    return { pid, identity: processIdentity(pid) ?? assert.fail('the process does not run') };
  }

  function leave(...processes: { name: string; pid: number; identity: string }[]): void {
    const entries = processes.map((entry) => ({ ...entry, stopSignal: 'SIGTERM' }));
    writeFileSync(join(folder.path, 'stack.pids'), JSON.stringify(entries));
  }

  it('stops what a killed stack left behind', async () => {
    const left = runForever();
    leave({ name: 'Temporal', ...left });
    const lines: string[] = [];
    await claimHome(new StackRecord(folder.path), folder.path, (line) => lines.push(line));
    assert.equal(processIdentity(left.pid), undefined);
    assert.match(lines.join('\n'), /stopping Temporal/);
  });

  it('spares a program that got the number of an ended process', async () => {
    const other = runForever();
    leave({ name: 'Temporal', pid: other.pid, identity: 'of another process' });
    await claimHome(new StackRecord(folder.path), folder.path, () => {});
    assert.equal(processIdentity(other.pid), other.identity);
  });

  it('refuses a folder that another stack uses', async () => {
    const owner = runForever();
    leave({ name: ownerName, ...owner });
    await assert.rejects(
      claimHome(new StackRecord(folder.path), folder.path, () => {}),
      { name: 'StartError', message: /already runs from .* \(process \d+\)/ },
    );
    assert.equal(processIdentity(owner.pid), owner.identity);
  });

  it('starts with a record that cannot be read', async () => {
    writeFileSync(join(folder.path, 'stack.pids'), '[{"pid":');
    await claimHome(new StackRecord(folder.path), folder.path, () => {});
    assert.equal(new StackRecord(folder.path).read().at(0)?.pid, process.pid);
  });
});
