import { createHash } from 'node:crypto';
import type { Connector, ConnectorContext, FileStore } from '#core/connector.js';
import { createOutgoing } from '#runtime/outgoing/outgoing.js';

/** Files in memory, by content address. */
export function createMemoryFileStore(): FileStore {
  const contents = new Map<string, Uint8Array>();
  return {
    async put(content, contentType) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      contents.set(sha256, content);
      return { sha256, size: content.length, contentType };
    },
    async get(sha256) {
      const content = contents.get(sha256);
      if (!content) throw new Error(`There is no file ${sha256}.`);
      return content;
    },
    requireRoom: async () => {},
  };
}

export type ContextChoices = Partial<Omit<ConnectorContext, 'fetch' | 'stream' | 'resolveHost'>>;

/**
 * What a connector's code gets for one call, over the real way out (which may reach this machine) and files in
 * memory. Config and secret are parsed by the connector's schemas, as the vault does.
 */
export function createConnectorContext(connector: Connector, choices: ContextChoices = {}): ConnectorContext {
  const { fetch, stream, resolveHost } = createOutgoing({ allowLoopback: true });
  const { auth } = connector;
  return {
    fetch,
    stream,
    resolveHost,
    files: createMemoryFileStore(),
    signal: new AbortController().signal,
    idempotencyKey: 'run-1:node:0',
    isRetry: false,
    ...choices,
    config: connector.config.parse(choices.config ?? {}),
    secret: auth.kind === 'none' ? undefined : auth.secret.parse(choices.secret ?? {}),
  };
}

/** Runs an action of a connector as `perform` does: input and output pass their schemas. */
export async function runConnectorAction(
  connector: Connector,
  name: string,
  context: ConnectorContext,
  input: unknown,
): Promise<unknown> {
  const action = connector.actions.find((one) => one.name === name);
  if (!action) throw new Error(`${connector.name} has no action ${name}.`);
  return action.output.parse(await action.run(context, action.input.parse(input)));
}
