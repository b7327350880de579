import { z } from 'zod';
import type { FileStore } from '#core/connector.js';
import { contentOfSampleFile } from '#core/sample-file.js';

const FileReference = z.object({ sha256: z.string(), size: z.int(), contentType: z.string() });
type FileReference = z.output<typeof FileReference>;

/** Keeps the files that a sample in this value tells of, so that the steps of a test can read them. */
export async function keepSampleFiles(files: FileStore, value: unknown): Promise<void> {
  const found = new Map(filesIn(value).map((file) => [file.sha256, file]));
  for (const file of found.values()) {
    const content = contentOfSampleFile(file);
    if (content) await files.put(content, file.contentType);
  }
}

function filesIn(value: unknown): FileReference[] {
  if (typeof value !== 'object' || value === null) return [];
  const file = FileReference.safeParse(value).data;
  return file ? [file] : Object.values(value).flatMap(filesIn);
}
