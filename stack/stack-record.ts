import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from './process-identity.js';

/** One process of the stack as it is written in <home>/stack.pids. */
export interface RecordedProcess {
  name: string;
  pid: number;
  /** See processIdentity: without a match the process is not ours. */
  identity: string;
  stopSignal: NodeJS.Signals;
}

/** The processes of one running stack, kept in <home>/stack.pids so that the next start finds what a kill -9 left. */
export class StackRecord {
  readonly #file: string;
  #processes: RecordedProcess[] = [];

  constructor(home: string) {
    this.#file = join(home, 'stack.pids');
  }

  /** What an earlier stack wrote; empty when it stopped in order. An unreadable record counts as empty. */
  read(): RecordedProcess[] {
    try {
      const parsed: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      return Array.isArray(parsed) ? parsed.filter(isRecordedProcess) : [];
    } catch {
      return [];
    }
  }

  /** Adds a process that was just started. One that has ended already is not recorded. */
  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = processIdentity(pid);
    if (identity === undefined) return;
    this.#processes.push({ name, pid, identity, stopSignal });
    this.#write();
  }

  remove(pid: number): void {
    this.#processes = this.#processes.filter((recorded) => recorded.pid !== pid);
    this.#write();
  }

  /** Forgets everything and removes the file. */
  clear(): void {
    this.#processes = [];
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#processes, null, 2), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function isRecordedProcess(value: unknown): value is RecordedProcess {
  if (typeof value !== 'object' || value === null) return false;
  const { name, pid, identity, stopSignal } = value as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    typeof pid === 'number' &&
    pid > 1 &&
    typeof identity === 'string' &&
    typeof stopSignal === 'string' &&
    stopSignal.startsWith('SIG')
  );
}
