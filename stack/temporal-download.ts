import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

export interface TemporalDownload {
  log: (line: string) => void;
  signal: AbortSignal;
  downloadAddress?: string;
}

const answerTimeoutMs = 5_000;
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads Temporal's own archive into `folder` and unpacks the program `temporal` there
 * (https://docs.temporal.io/cli#install). Undefined when it worked, else why not.
 */
export async function downloadTemporal(
  folder: string,
  version: string,
  download: TemporalDownload,
): Promise<string | undefined> {
  const architecture = architectures[process.arch];
  if (!architecture) return `there is no download for ${process.arch}`;
  const base = download.downloadAddress ?? 'https://temporal.download';
  const address = `${base}/cli/archive/${version}?platform=${process.platform}&arch=${architecture}`;
  try {
    const response = await answerInTime(address, download.signal);
    if (!response.ok || !response.body) return `the download answered ${response.status}`;
    download.log('Temporal: downloading it, once');
    const archive = join(folder, 'temporal.tar.gz');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive), { signal: download.signal });
    await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, 'temporal'], {
      signal: download.signal,
    });
    return undefined;
  } catch {
    return `${new URL(base).host} cannot be reached or its archive not unpacked`;
  }
}

/** Only the answer has a deadline: the archive itself may take as long as the line needs. */
async function answerInTime(address: string, signal: AbortSignal): Promise<Response> {
  const noAnswer = new AbortController();
  const deadline = setTimeout(() => noAnswer.abort(), answerTimeoutMs);
  try {
    return await fetch(address, { signal: AbortSignal.any([signal, noAnswer.signal]) });
  } finally {
    clearTimeout(deadline);
  }
}
