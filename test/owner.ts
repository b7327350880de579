import postgres from 'postgres';
import type { Stack } from '#stack/stack.js';
import { onTestsEnd } from './closing.js';

/** A connection to a stack's application database as the owner of the cluster, for whom no policy holds. */
export function openOwner(stack: Stack): postgres.Sql {
  const url = new URL(stack.ownerUrl);
  url.pathname = new URL(stack.databaseUrl).pathname;
  return open(url.href);
}

/** A connection as the application's role, without the code that sets the organization. */
export function openApplicationRole(stack: Stack): postgres.Sql {
  return open(stack.databaseUrl);
}

function open(url: string): postgres.Sql {
  const client = postgres(url, { max: 2, onnotice: () => {} });
  onTestsEnd(() => client.end({ timeout: 5 }));
  return client;
}
