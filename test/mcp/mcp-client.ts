import {
  Client,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from '../builders/builder-app.js';

const Key = z.object({ id: z.uuid(), key: z.string() });

/** With sessions, as clients of 2025 speak; or the revision of 2026-07-28, in which each request stands alone. */
export type Revision = 'sessions' | 'stateless';

export const revisions: readonly Revision[] = ['sessions', 'stateless'];

/** The official client, connected to an API at this address with this credential. */
export async function connectMcp(
  address: string,
  token: string,
  revision: Revision = 'stateless',
  options: StreamableHTTPClientTransportOptions = {},
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { versionNegotiation: { mode: revision === 'sessions' ? 'legacy' : { pin: '2026-07-28' } } },
  );
  const transport = new StreamableHTTPClientTransport(new URL(`${address}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    ...options,
  });
  await client.connect(transport);
  return client;
}

/** An API key of the caller's with these scopes; with all that there are unless given. */
export async function buildKey(app: BuilderApp, caller: Caller, scopes?: readonly string[]) {
  return Key.parse(
    await app.perform(caller, 'api_keys.create', { name: 'MCP', scopes: scopes ?? everyScope(app) }),
  );
}

function everyScope({ services }: BuilderApp): string[] {
  return [...new Set(services.catalogue.permissions.map((permission) => `${permission.split(':')[0]}:*`))];
}
