import type { Database } from '#db/client.js';
import type { Caller } from '#runtime/caller.js';
import type { DeliveryIntake } from '#runtime/deliveries.js';
import type { Engine } from '#runtime/engine/engine.js';
import type { Perform } from '#runtime/perform/perform.js';
import type { WaitForRun } from '#runtime/runs/run-outcome.js';
import type { Services } from '#runtime/services.js';

/** What the API needs of the composition root: the one door, the intake of deliveries, and a few services. */
export interface ApiApp {
  services: Pick<
    Services,
    'configuration' | 'logger' | 'catalogue' | 'hub' | 'accessTokens' | 'approvalLinks' | 'files'
  > & {
    database: Pick<Database, 'ping'>;
    engine: Pick<Engine, 'ping'>;
  };
  perform: Perform;
  intake: DeliveryIntake;
  waitForRun: WaitForRun;
  /** Throws `unauthenticated`. */
  resolveApiKey(key: string): Promise<Caller>;
  /** Throws `unauthenticated`. */
  resolveScimToken(token: string): Promise<Caller>;
}
