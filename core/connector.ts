import type { z } from 'zod';
import type { ActionDescription } from './action.js';
import type { ModelProvider } from './ai/model-provider.js';
import type { PollDefinition } from './polled-trigger.js';

/** How an organization proves itself to a vendor. The fields are entered once and kept encrypted. */
export type ConnectorAuth<Secret extends z.ZodType = z.ZodType> =
  | { kind: 'none' }
  | { kind: 'token' | 'basic' | 'oauth2'; secret: Secret };

export type ConnectionUse = 'required' | 'optional' | 'none';

/** What a connector's code gets for one call: its client, its settings, its secrets; nothing of the tenant's data. */
export interface ConnectorContext<Config = unknown, Secret = unknown> {
  /** Address and other settings of the connection, parsed by the connector's `config`. */
  config: Config;
  /** Decrypted for this call only; undefined for a call without a connection. Never log or return it. */
  secret: Secret;
  /** Guarded fetch: refuses private addresses, limits time and size. Every HTTP call goes through it. */
  fetch: typeof globalThis.fetch;
  /** The same, but the answer's body comes as it is sent, over minutes if need be. */
  stream: typeof globalThis.fetch;
  /** For protocols other than HTTP: resolves a host through the same guard. Throws `validation` for a refused one. */
  resolveHost(host: string): Promise<{ address: string; family: 4 | 6 }>;
  files: FileStore;
  /** Aborted when the step is cancelled or its time is up. */
  signal: AbortSignal;
  /** Stable over all attempts of one step; the base of the vendor's own idempotency. */
  idempotencyKey: string;
  /** An earlier attempt of this step began and its outcome is unknown: look at the vendor first whether it took effect. */
  isRetry: boolean;
}

/** Large or binary content of the organization, by content address. */
export interface FileStore {
  /** Throws `limit_exceeded`, and keeps nothing, where the organization has no room for it. What is there already needs none. */
  put(content: Uint8Array, contentType: string): Promise<StoredFile>;
  /** Throws `limit_exceeded` where there is no room for so many bytes more: for files that are kept all together or not at all. */
  requireRoom(bytes: number): Promise<void>;
  /** Throws `not_found`. */
  get(sha256: string): Promise<Uint8Array>;
}

export interface StoredFile {
  /** Lower-case hex; the file's address within the organization. */
  sha256: string;
  /** Bytes. */
  size: number;
  contentType: string;
}

export interface ConnectorActionDefinition<Input extends z.ZodType, Output extends z.ZodType, Config, Secret>
  extends ActionDescription<Input, Output> {
  /** `required` unless given. */
  connection?: ConnectionUse;
  /** Looks at an automation's input before it is published, templates not evaluated; tells what can be told then. */
  check?(input: Readonly<Record<string, unknown>>): Promise<readonly { path: string; message: string }[]>;
  run(context: ConnectorContext<Config, Secret>, input: z.output<Input>): Promise<z.input<Output>>;
}

export interface ConnectorAction extends ActionDescription {
  kind: 'connector';
  connector: string;
  /** Whether a call has to name a connection of the app. Without one, `config` holds its defaults. */
  connection: ConnectionUse;
  check?(input: Readonly<Record<string, unknown>>): Promise<readonly { path: string; message: string }[]>;
  run(context: ConnectorContext, input: unknown): Promise<unknown>;
}

/** A request as it came to a hook: nothing parsed, nothing trusted. */
export interface RawDelivery {
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Milliseconds since 1970, when the request came in. */
  receivedAt: number;
}

/** What a connector makes of a genuine delivery. */
export type ReceivedDelivery =
  /** The vendor's handshake: answer with this body, keep nothing. */
  | { kind: 'handshake'; contentType: string; body: string }
  | { kind: 'event'; deliveryId: string; triggers: readonly string[]; payload: unknown };

export interface ConnectorTrigger {
  /** `connector.event`, such as `github.issue_opened`. */
  name: string;
  title: string;
  description: string;
  /** What `trigger` holds in expressions. */
  output: z.ZodType;
  /** An example of it, in our own words, to try a draft with before anything has happened. */
  sample: unknown;
  /** Set where the app does not tell by itself, but is asked; see `definePolledTrigger`. */
  poll?: PollDefinition;
}

export interface WebhookReceiver {
  /** Content types that the vendor sends; anything else is 415. */
  contentTypes: readonly string[];
  /** Bytes. */
  maxBodySize: number;
  /**
   * Checks the signature in constant time and reads the delivery. Throws `unauthenticated` for a bad signature or
   * an expired timestamp, `malformed` for a body that cannot be read.
   */
  receive(delivery: RawDelivery, secret: unknown): Promise<ReceivedDelivery>;
}

/** Proves who sends requests to an automation's own address, by a secret that the sender shares. */
export interface RequestCheck {
  /** How this secret proves a sender; a trigger names the same. */
  schemeOf(secret: unknown): string;
  /** True if the proof is over the body, which is read first then; else the body is read only after the check. */
  needsBody(secret: unknown): boolean;
  /** Headers that hold the credential itself, in lower case: they are kept out of the run. */
  credentialHeaders(secret: unknown): readonly string[];
  /** Compares in constant time. Throws `unauthenticated`. */
  check(delivery: RawDelivery, secret: unknown): void;
}

/** Reads mail that came to an automation's inbound address. */
export interface MailReceiver {
  /** The trigger that a received mail fires. */
  trigger: string;
  /** Bytes of one message. */
  maxMessageSize: number;
  /** Parses a raw RFC 5322 message; attachments go to `files`. Throws `malformed`. */
  receive(message: Uint8Array, files: FileStore): Promise<{ deliveryId: string; payload: unknown }>;
}

/** An app: how to authenticate, what it can do, what it can tell. One folder under connectors/. */
export interface Connector {
  name: string;
  title: string;
  description: string;
  /** Settings of a connection that are not secret, its address among them. */
  config: z.ZodType;
  auth: ConnectorAuth;
  actions: readonly ConnectorAction[];
  triggers: readonly ConnectorTrigger[];
  webhook?: WebhookReceiver;
  requestCheck?: RequestCheck;
  inboundMail?: MailReceiver;
  /** Set where the app has language models. */
  models?: ModelProvider;
  /** The platform has it itself: organizations make no connections to it. */
  isOfPlatform?: true;
  /** One cheap call that shows that the credentials work; returns who we are there. */
  test(context: ConnectorContext): Promise<{ account: string }>;
}

export interface ConnectorDefinition<Config extends z.ZodType, Secret extends z.ZodType> {
  name: string;
  title: string;
  description: string;
  config: Config;
  auth: ConnectorAuth<Secret>;
  actions: readonly ((connector: string) => ConnectorAction)[];
  triggers: readonly ConnectorTrigger[];
  webhook?: WebhookReceiver;
  requestCheck?: RequestCheck;
  inboundMail?: MailReceiver;
  models?: ModelProvider;
  isOfPlatform?: true;
  test(context: ConnectorContext<z.output<Config>, z.output<Secret>>): Promise<{ account: string }>;
}

/** Puts an app together. Config and secret have been parsed by the connector's schemas before any of its code runs. */
export function defineConnector<Config extends z.ZodType, Secret extends z.ZodType>(
  definition: ConnectorDefinition<Config, Secret>,
): Connector {
  return {
    ...definition,
    actions: definition.actions.map((action) => action(definition.name)),
    test: (context) => definition.test(context as ConnectorContext<z.output<Config>, z.output<Secret>>),
  };
}

/** An action of an app. It runs with resolved credentials and no open transaction. */
export function defineConnectorAction<Input extends z.ZodType, Output extends z.ZodType, Config, Secret>(
  definition: ConnectorActionDefinition<Input, Output, Config, Secret>,
): (connector: string) => ConnectorAction {
  // Both come parsed: perform() reads input with this schema, the vault reads config and secret with the connector's.
  const run = (context: ConnectorContext, input: unknown) =>
    definition.run(context as ConnectorContext<Config, Secret>, input as z.output<Input>);
  const { connection = 'required' } = definition;
  return (connector) => ({ ...definition, kind: 'connector', connector, connection, run });
}
