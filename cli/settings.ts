import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUrl } from '#core/parse-url.js';
import { projectRoot } from '#runtime/project-root.js';
import { misuse } from './cli-error.js';

export interface GlobalOptions {
  url?: string;
  apiKeyFile?: string;
  json?: boolean;
}

export interface Settings {
  /** Without a trailing slash. */
  url: string;
  apiKey: string;
}

/**
 * Where the system is and who asks: options first, then WORKSYNAPSE_URL and WORKSYNAPSE_API_KEY, else the port that
 * `npm start` uses. The project's .env counts. Throws CliError for what is missing or can't be used.
 */
export function readSettings(options: GlobalOptions, environment: NodeJS.ProcessEnv): Settings {
  const envFile = join(projectRoot, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return { url: readUrl(options, environment), apiKey: readApiKey(options, environment) };
}

function readUrl({ url }: GlobalOptions, { WORKSYNAPSE_URL, PORT }: NodeJS.ProcessEnv): string {
  const address = url ?? (WORKSYNAPSE_URL || `http://127.0.0.1:${PORT || 3000}`);
  const parsed = parseUrl(address);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw misuse(`The address of the system must begin with http:// or https://; it is "${address}".`);
  }
  return parsed.href.replace(/\/$/, '');
}

function readApiKey({ apiKeyFile }: GlobalOptions, { WORKSYNAPSE_API_KEY }: NodeJS.ProcessEnv): string {
  const key = (apiKeyFile === undefined ? WORKSYNAPSE_API_KEY : readKeyFile(apiKeyFile))?.trim();
  if (!key) {
    throw misuse(
      'An API key is needed: set WORKSYNAPSE_API_KEY, or name a file that holds one with --api-key-file. POST /v1/api-keys makes a key.',
    );
  }
  // A header can't carry anything else; the key itself must not be shown.
  if (!/^[\x21-\x7e]+$/.test(key)) throw misuse('The API key holds spaces or characters that no key has.');
  return key;
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw misuse(`The API key can't be read from ${path}: ${reasonOf(error)}.`);
  }
}

/** Why a file could not be used, in a few words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'access is denied',
    EISDIR: 'it is a folder',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}
