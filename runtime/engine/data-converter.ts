import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { EncryptionKey } from '../configuration.js';
import { projectRoot } from '../project-root.js';
import { createPayloadCodec } from './payload-codec.js';

/** The module that clients, workers and the workflows' bundle load to turn errors into failures and back. */
export const failureConverterPath = join(projectRoot, 'dist', 'runtime', 'engine', 'failure-converter.js');

/** How values and errors become what Temporal keeps: encrypted, texts of errors included. */
export function createDataConverter(keys: readonly EncryptionKey[]): DataConverter {
  return { payloadCodecs: [createPayloadCodec(keys)], failureConverterPath };
}
