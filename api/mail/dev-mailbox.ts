import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/errors.js';

/** Mail that is kept instead of sent: one .eml file a message, the newest 500. */
export interface DevMailbox {
  /** Keeps a message; `recipients` are those of the envelope. Returns its id. */
  keep(message: Uint8Array, recipients: readonly string[]): Promise<string>;
  /** Ids, newest first. */
  list(): Promise<string[]>;
  /** The raw message. Throws `not_found`. */
  read(id: string): Promise<Buffer>;
}

const maxMessages = 500;
const idPattern = /^[0-9TZ-]{10,40}-[0-9a-f]{12}$/;

/** Opens a mailbox in a folder, which is made when the first message comes. */
export function openDevMailbox(folder: string): DevMailbox {
  let counter = 0;

  async function list(): Promise<string[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const ids = names.filter((name) => name.endsWith('.eml')).map((name) => name.slice(0, -'.eml'.length));
    return ids
      .filter((id) => idPattern.test(id))
      .sort()
      .reverse();
  }

  return {
    list,
    async keep(message, recipients) {
      counter = (counter + 1) % 0x10000;
      // Names sort by time; the counter orders what comes within one millisecond.
      const moment = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const order = counter.toString(16).padStart(4, '0');
      const id = `${moment}-${order}${randomBytes(4).toString('hex')}`;
      const envelope = recipients.map((recipient) => `Delivered-To: ${recipient}\r\n`).join('');
      await mkdir(folder, { recursive: true });
      const draft = join(folder, `${id}.part`);
      await writeFile(draft, Buffer.concat([Buffer.from(envelope), message]));
      await rename(draft, join(folder, `${id}.eml`));
      const tooOld = (await list()).slice(maxMessages);
      await Promise.all(tooOld.map((old) => rm(join(folder, `${old}.eml`), { force: true })));
      return id;
    },
    async read(id) {
      const missing = new AppError('not_found', 'There is no such message');
      if (!idPattern.test(id)) throw missing;
      return readFile(join(folder, `${id}.eml`)).catch((error: unknown) => {
        throw isMissing(error) ? missing : error;
      });
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
