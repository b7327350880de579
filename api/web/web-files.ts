import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the built app: as it is, and packed for browsers that take it so. */
export interface WebFile {
  path: string;
  mediaType: string;
  encodings: ReadonlySet<string>;
}

/** The built web app: its page, and the files that the page asks for. */
export interface WebFiles {
  /** The page, in which `nonceMark` stands for a nonce. */
  page: string;
  folder: string;
  /** By path, such as `/static/index-a1b2c3.js`. */
  files: ReadonlyMap<string, WebFile>;
}

/** Stands in the page for the nonce of an answer; the build puts it there. */
export const nonceMark = '__NONCE__';

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  json: 'application/json',
};
const extensions: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };

/** Reads what `stack/web` has built into the folder. Undefined where nothing is built. */
export function readWebFiles(folder: string): WebFiles | undefined {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const all = new Set(names.map((name) => name.replaceAll('\\', '/')));
  if (!all.has('index.html')) return undefined;
  const files = new Map<string, WebFile>();
  for (const name of all) {
    const mediaType = mediaTypes[name.split('.').at(-1) ?? ''];
    if (mediaType === undefined || name.startsWith('.')) continue;
    const encodings = Object.keys(extensions).filter((encoding) => all.has(name + extensions[encoding]));
    files.set(`/${name}`, { path: name, mediaType, encodings: new Set(encodings) });
  }
  return { page: readFileSync(join(folder, 'index.html'), 'utf8'), folder, files };
}

/** The name of the file that holds it packed so; `encoding` is one of `file.encodings`. */
export function packedName(file: WebFile, encoding: string): string {
  return file.path + (extensions[encoding] ?? '');
}
