import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseUrl } from '#core/parse-url.js';
import { projectRoot } from '#runtime/project-root.js';
import { DemoError } from './demo-error.js';

export interface DemoSettings {
  /** Where the API is, without a trailing slash. */
  apiUrl: string;
  /** Where mail for automations is taken. */
  smtpHost: string;
  smtpPort: number;
}

/** How far after the API's port `npm start` puts the one for inbound mail. */
const smtpPortOffset = 5;

/**
 * Where the running system is: WORKSYNAPSE_URL, else PORT on this machine, else port 3000; mail goes to
 * INBOUND_SMTP_PORT. The project's .env counts, as for `npm start`. Throws DemoError for an address that is none.
 */
export function readDemoSettings(environment: NodeJS.ProcessEnv): DemoSettings {
  const envFile = join(projectRoot, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const { WORKSYNAPSE_URL, PORT, INBOUND_SMTP_PORT } = environment;
  const address = WORKSYNAPSE_URL || `http://127.0.0.1:${PORT || 3000}`;
  const url = parseUrl(address);
  if (!url) throw new DemoError(`WORKSYNAPSE_URL or PORT is not usable: ${address}`);
  const apiPort = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return {
    apiUrl: url.href.replace(/\/$/, ''),
    smtpHost: url.hostname,
    smtpPort: Number(INBOUND_SMTP_PORT || apiPort + smtpPortOffset),
  };
}
