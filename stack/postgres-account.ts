import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StartError } from './start-error.js';

/** User and group that PostgreSQL runs as; undefined: the user of this process. */
export interface PostgresAccount {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root: root runs it as user `postgres`, who is made when there is none.
 * Undefined for any other user. Throws StartError when the user cannot be made.
 */
export function postgresAccount(): PostgresAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return findAccount() ?? createAccount();
}

function findAccount(): PostgresAccount | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

function createAccount(): PostgresAccount {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres'], {
      stdio: 'pipe',
    });
  } catch {
    throw new StartError(
      'PostgreSQL does not run as root, and the user postgres could not be made; start as another user, or run `useradd --system postgres`.',
    );
  }
  const account = findAccount();
  if (account) return account;
  throw new StartError(
    'The user postgres was made but is not in /etc/passwd; start as another user than root.',
  );
}
