import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addressesAt } from './addresses.js';
import { applicationEnvironment } from './application-environment.js';
import { readLaunchSettings } from './launch-settings.js';
import { loadSecrets } from './secrets.js';
import { childEnvironment } from './stack.js';
import { StartError } from './start-error.js';

/**
 * The environment in which `npm start` with the same settings runs the API, for a program beside it. What is set in
 * `environment` wins. Throws StartError where nothing was started yet, or on ports that nobody knows.
 */
export function localEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { home, ports, otherPorts, given } = readLaunchSettings(environment);
  if (!existsSync(join(home, 'secrets.json'))) {
    throw new StartError(
      `Nothing was started in ${home} yet: run npm start first, or set DATABASE_URL and what else the API has.`,
    );
  }
  if (ports.postgres === 0) throw new StartError('Set PORT as npm start has it.');
  const secrets = loadSecrets(home);
  const addresses = addressesAt({ ports, given }, secrets);
  // Redis of its own may not be installed; without it the database tells who has to know.
  const offered = childEnvironment({ home, addresses, secrets }, given.redisUrl);
  const stack = { environment: offered, otherPorts: otherPorts.map(({ port }) => port) };
  return applicationEnvironment(stack, environment);
}
