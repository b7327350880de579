import { Connection } from '@temporalio/client';
import protocol from '@temporalio/proto';
import { createPayloadCodec } from '#runtime/engine/payload-codec.js';
import { createTemporalClient } from '#runtime/engine/temporal-engine.js';
import { onTestsEnd } from '../closing.js';
import type { TestSystem } from '../system.js';

const { History } = protocol.temporal.api.history.v1;

type HistoryMessage = ReturnType<typeof History.decode>;

/** What the engine keeps of a workflow. */
export interface StoredHistory {
  /** As it is stored: payloads encrypted. */
  raw: HistoryMessage;
  /** With every payload decrypted. */
  decoded: HistoryMessage;
  /** Content of every payload, decrypted. */
  payloads: readonly Uint8Array[];
}

/**
 * Waits until a workflow has ended and reads its history from Temporal: of one that went on as a new one the last part,
 * or the one with this run id of Temporal's.
 */
export async function readHistory(
  system: TestSystem,
  workflowId: string,
  executionId?: string,
): Promise<StoredHistory> {
  const handle = await openWorkflow(system, workflowId, executionId);
  await handle.result();
  return readPresentHistory(system, workflowId, executionId);
}

async function openWorkflow({ configuration }: TestSystem, workflowId: string, executionId?: string) {
  const connection = await Connection.connect({ address: configuration.TEMPORAL_ADDRESS });
  onTestsEnd(() => connection.close());
  return createTemporalClient(configuration, connection).workflow.getHandle(workflowId, executionId);
}

/** Reads the history of a workflow as it is now, whether or not it has ended. */
export async function readPresentHistory(
  system: TestSystem,
  workflowId: string,
  executionId?: string,
): Promise<StoredHistory> {
  const handle = await openWorkflow(system, workflowId, executionId);
  const { configuration } = system;
  const stored = History.encode(await handle.fetchHistory()).finish();
  const decoded = History.decode(stored);
  const codec = createPayloadCodec(configuration.ENCRYPTION_KEYS);
  const payloads: Uint8Array[] = [];
  await replacePayloads(decoded, async (payload) => {
    const [opened = payload] = await codec.decode([payload]);
    payloads.push(Buffer.from(opened.data ?? []));
    return opened;
  });
  return { raw: History.decode(stored), decoded, payloads };
}

type PayloadMessage = Parameters<ReturnType<typeof createPayloadCodec>['decode']>[0][number];

/** Replaces the payloads anywhere in a message. */
async function replacePayloads(
  message: object,
  replace: (payload: PayloadMessage) => Promise<PayloadMessage>,
): Promise<void> {
  for (const [key, value] of Object.entries(message)) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if (isPayload(value)) Reflect.set(message, key, await replace(value));
    else await replacePayloads(value, replace);
  }
}

function isPayload(value: object): value is PayloadMessage {
  return 'metadata' in value && 'data' in value;
}
