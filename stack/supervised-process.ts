import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { signalGroup } from './process-group.js';
import type { StackRecord } from './stack-record.js';
import { StartError } from './start-error.js';
import { waitUntil } from './wait-until.js';

/** How one process of the stack is started, recognized as ready, and stopped. */
export interface ProcessDefinition {
  /** As people read it: `PostgreSQL`. */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  account?: { uid: number; gid: number } | undefined;
  /** File that standard output and error are appended to; absent: those of this process. */
  logFile?: string;
  isReady(): Promise<boolean>;
  readyTimeoutMs: number;
  /** How often to try when the process ends before it is ready; once by default. */
  startAttempts?: number;
  stopSignal: NodeJS.Signals;
  /** Time to stop by itself before SIGKILL. */
  stopTimeoutMs: number;
  /** How far it gives way to others where the processors are full, 1 to 19. */
  niceness?: number;
  /** Runs before every start, restarts included. */
  beforeStart?(): Promise<void>;
}

export interface Supervision {
  record: StackRecord;
  log: (line: string) => void;
  /** Aborted when the stack stops: nothing starts any more. */
  signal: AbortSignal;
}

const longestBackoffMs = 30_000;
const steadyAfterMs = 60_000;
const largestLogBytes = 20 * 1024 * 1024;

/**
 * A process in a session of its own, so that Ctrl-C in the terminal does not reach it. Once it was ready it is started
 * again, after a growing pause, whenever it ends without being asked to.
 */
export class SupervisedProcess {
  readonly #definition: ProcessDefinition;
  readonly #supervision: Supervision;
  #child: ChildProcess | undefined;
  /** Whether the process is meant to run. */
  #isWanted = false;
  #backoffMs = 500;
  #restart: NodeJS.Timeout | undefined;
  /** A start that is under way. */
  #starting: Promise<void> | undefined;
  /** Length of the log when the process was started: what follows is its own. */
  #logStart = 0;

  constructor(definition: ProcessDefinition, supervision: Supervision) {
    this.#definition = definition;
    this.#supervision = supervision;
  }

  get name(): string {
    return this.#definition.name;
  }

  /** Process number while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process and resolves when it is ready. Throws StartError when it ends or is not ready in time. */
  async start(): Promise<void> {
    this.#isWanted = true;
    try {
      await this.#begin();
    } catch (error) {
      this.#isWanted = false;
      throw error;
    }
  }

  /** One start at a time; whoever asks meanwhile waits for the same. */
  async #begin(): Promise<void> {
    this.#starting ??= this.#tryToStart().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  async #tryToStart(): Promise<void> {
    if (this.#child) return;
    const { beforeStart, startAttempts = 1, stopSignal, stopTimeoutMs } = this.#definition;
    for (let attempt = 1; ; attempt += 1) {
      await beforeStart?.();
      this.#throwIfUnwanted();
      const child = this.#spawn();
      const outcome = await this.#settle(child);
      if (outcome === 'ready') {
        const startedAt = performance.now();
        child.once('exit', (code, exitSignal) => this.#onExit(startedAt, code, exitSignal));
        return;
      }
      await this.#end(stopSignal, stopTimeoutMs);
      this.#throwIfUnwanted();
      if (outcome === 'late' || attempt >= startAttempts) throw this.#explainFailure(child, outcome);
    }
  }

  #throwIfUnwanted(): void {
    this.#supervision.signal.throwIfAborted();
    if (!this.#isWanted) throw new StartError(`${this.name} was stopped while it started`);
  }

  /** Waits until the process is ready or has ended; `late` also when the stack stops meanwhile. */
  async #settle(child: ChildProcess): Promise<'ready' | 'ended' | 'late'> {
    const { isReady, readyTimeoutMs } = this.#definition;
    const { signal } = this.#supervision;
    const isOver = (): boolean => this.#child !== child;
    const settled = await waitUntil(
      async () => signal.aborted || isOver() || (await isReady()),
      readyTimeoutMs,
    );
    if (isOver()) return 'ended';
    return settled && !signal.aborted ? 'ready' : 'late';
  }

  /** Asks the process to stop and resolves when its whole group is gone; after `stopTimeoutMs` it is killed. */
  async stop(): Promise<void> {
    await this.#leave(this.#definition.stopSignal, this.#definition.stopTimeoutMs);
  }

  /** Ends the process at once, as a crash of the machine would, and does not start it again. */
  async kill(): Promise<void> {
    await this.#leave('SIGKILL', 0);
  }

  async #leave(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#restart);
    await this.#end(signal, timeoutMs);
    // A start that was under way sees that it is not wanted, and fails.
    await this.#starting?.catch(() => {});
  }

  async #end(signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    signalGroup(child.pid, signal);
    const isOver = (): boolean => this.#child !== child;
    if (await waitUntil(isOver, timeoutMs, 20)) return;
    signalGroup(child.pid, 'SIGKILL');
    await waitUntil(isOver, 5_000, 20);
  }

  #spawn(): ChildProcess {
    const { command, args, env, cwd, account, logFile, niceness } = this.#definition;
    const output = logFile ? openLog(logFile) : undefined;
    if (output !== undefined) this.#logStart = fstatSync(output).size;
    const child = spawn(command, [...args], {
      env,
      ...(cwd ? { cwd } : {}),
      ...(account ?? {}),
      detached: true,
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit'],
    });
    if (output !== undefined) closeSync(output);
    this.#child = child;
    if (child.pid) {
      this.#supervision.record.add(this.name, child.pid, this.#definition.stopSignal);
      // Nobody but root may raise what was started low.
      if (niceness) setPriority(child.pid, Math.max(niceness, getPriority()));
    }
    child.once('error', () => this.#forget(child));
    child.once('exit', () => this.#forget(child));
    return child;
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (!child.pid) return;
    // What it started itself goes with it.
    signalGroup(child.pid, 'SIGKILL');
    this.#supervision.record.remove(child.pid);
  }

  #onExit(startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.#isWanted || this.#supervision.signal.aborted) return;
    if (performance.now() - startedAt > steadyAfterMs) this.#backoffMs = 500;
    this.#scheduleRestart(`${this.name} ended (${signal ?? `exit code ${code}`})`);
  }

  #scheduleRestart(reason: string): void {
    this.#supervision.log(`${reason}; starting it again in ${this.#backoffMs / 1000} s`);
    this.#restart = setTimeout(() => {
      this.#begin().then(
        () => this.#supervision.log(`${this.name} runs again`),
        (error: unknown) => {
          if (!this.#isWanted || this.#supervision.signal.aborted) return;
          this.#scheduleRestart(error instanceof Error ? error.message : String(error));
        },
      );
    }, this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, longestBackoffMs);
  }

  #explainFailure(child: ChildProcess, outcome: 'ended' | 'late'): StartError {
    const { name, command, logFile, readyTimeoutMs } = this.#definition;
    if (child.pid === undefined) return new StartError(`${name} could not be run: ${command}`);
    const reason = logFile ? reasonIn(readFileSync(logFile).subarray(this.#logStart)) : undefined;
    const where = logFile
      ? `${reason ? `: ${reason}` : ''} (log: ${logFile})`
      : '; its output above says why';
    if (outcome === 'late')
      return new StartError(`${name} was not ready within ${readyTimeoutMs / 1000} s${where}`);
    return new StartError(
      `${name} ended while starting (${child.signalCode ?? `exit code ${child.exitCode}`})${where}`,
    );
  }
}

/** Opens a log for appending; one that has grown large is set aside as `.1` first. */
function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** The last line before the stack trace of a Go program, or before its panic when something was said earlier. */
function reasonIn(written: Buffer): string | undefined {
  const [beforeTrace = ''] = written.toString('utf8').split(/^goroutine \d+ \[/m, 1);
  const lines = beforeTrace.split('\n').filter((line) => line.trim() !== '');
  const said = lines.filter((line) => !/^(?:panic: |\[signal )/.test(line));
  return (said.at(-1) ?? lines.at(0))?.slice(0, 300);
}
