import { sha256 } from './expression/functions/sha256.js';

/** What every file in a sample holds, or the beginning of it. */
const text = 'An example file. It stands for one that somebody sends.\n';

/** A file as samples tell of it. */
export interface SampleFile {
  /** Bytes. */
  size: number;
  sha256: string;
}

/** The file in a sample, of `maxSize` bytes at most. It is kept by nobody until a test starts with the sample. */
export function sampleFile(maxSize: number = text.length): SampleFile {
  const content = contentOf(maxSize);
  return { size: content.length, sha256: sha256(content) };
}

/** The content of a file that a sample tells of; undefined for any other. */
export function contentOfSampleFile({ size, sha256: address }: SampleFile): Uint8Array | undefined {
  const content = contentOf(size);
  return content.length === size && sha256(content) === address ? content : undefined;
}

function contentOf(maxSize: number): Uint8Array {
  // One byte a character.
  return Uint8Array.from(text.slice(0, Math.max(0, maxSize)), (character) => character.charCodeAt(0));
}
