import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells one process from another that got the same number later: boot and start time of the machine's process.
 * Undefined when no such process runs (a zombie does not run).
 */
export function processIdentity(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxIdentity(pid) : ps(pid, 'lstart=');
}

/** The command line of a running process, its parts separated by spaces; undefined when there is none. */
export function processCommand(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  const text = readIfPresent(`/proc/${pid}/cmdline`);
  return text ? text.split('\0').join(' ').trim() : undefined;
}

function linuxIdentity(pid: number): string | undefined {
  const stat = readIfPresent(`/proc/${pid}/stat`);
  if (!stat) return undefined;
  // proc_pid_stat(5): the name in parentheses may hold spaces; state is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readIfPresent('/proc/sys/kernel/random/boot_id')?.trim()} ${fields[19]}`;
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
