import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findExecutable, isExecutable } from './find-executable.js';
import { StartError } from './start-error.js';
import { downloadTemporal } from './temporal-download.js';

export interface TemporalSearch {
  log: (line: string) => void;
  signal: AbortSignal;
  /** PATH, HOME, GOPATH, GOROOT and XDG_CACHE_HOME are read; by default those of this process. */
  environment?: NodeJS.ProcessEnv;
  /** Where Temporal's archives are; another address is for tests. */
  downloadAddress?: string;
}

/** The last version that `go install` accepts: later ones have a replace directive. */
export const temporalVersion = 'v1.5.1';

const goModule = `github.com/temporalio/cli/cmd/temporal@${temporalVersion}`;

/**
 * Finds the `temporal` program: on PATH, in the cache folder or Go's, else downloads it from temporal.download, else
 * builds it with Go. What is had in the last two ways is kept in ~/.cache/worksynapse/bin.
 * Throws StartError that names the ways when none works.
 */
export async function findTemporalBinary(search: TemporalSearch): Promise<string> {
  const environment = search.environment ?? process.env;
  const home = environment.HOME || homedir();
  const cache = join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'worksynapse', 'bin');
  const goFolder = join(environment.GOPATH || join(home, 'go'), 'bin');
  const found = findExecutable('temporal', environment.PATH) ?? installedIn(cache) ?? installedIn(goFolder);
  return found ?? (await install(search, environment, cache));
}

function installedIn(folder: string): string | undefined {
  const file = join(folder, 'temporal');
  return isExecutable(file) ? file : undefined;
}

async function install(
  search: TemporalSearch,
  environment: NodeJS.ProcessEnv,
  cache: string,
): Promise<string> {
  // Made in a folder of its own, so that an interrupted install leaves nothing that looks whole.
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    const reasons: string[] = [];
    const ways = [
      () => downloadTemporal(unfinished, temporalVersion, search),
      () => buildWithGo(unfinished, environment, search),
    ];
    for (const way of ways) {
      const failure = await way();
      search.signal.throwIfAborted();
      if (failure === undefined) {
        renameSync(join(unfinished, 'temporal'), join(cache, 'temporal'));
        return join(cache, 'temporal');
      }
      reasons.push(failure);
    }
    throw new StartError(
      `Temporal is missing (${reasons.join('; ')}). Any of these helps: put the Temporal CLI on PATH (https://docs.temporal.io/cli), install Go so that it can be built here, allow access to temporal.download, or set TEMPORAL_ADDRESS to a running Temporal.`,
    );
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Undefined when it worked, else why not. */
async function buildWithGo(
  folder: string,
  environment: NodeJS.ProcessEnv,
  search: TemporalSearch,
): Promise<string | undefined> {
  const go = findExecutable('go', environment.PATH) ?? goAt(environment.GOROOT);
  if (!go) return 'Go is not installed';
  search.log('Temporal: building it with Go, about 3 minutes, once');
  try {
    await promisify(execFile)(go, ['install', '-ldflags', '-s -w', goModule], {
      env: { ...environment, GOBIN: folder },
      signal: search.signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    return undefined;
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return `go install failed: ${output.split('\n').at(-1)}`;
  }
}

/** Go's usual place is often missing on PATH. */
function goAt(goRoot = '/usr/local/go'): string | undefined {
  const go = join(goRoot, 'bin', 'go');
  return isExecutable(go) ? go : undefined;
}
