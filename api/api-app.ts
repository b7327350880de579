import type { Database } from '#db/client.js';
import type { Caller } from '#runtime/caller.js';
import type { DeliveryIntake } from '#runtime/deliveries.js';
import type { Engine } from '#runtime/engine/engine.js';
import type { Perform } from '#runtime/perform/perform.js';
import type { PermittedActions } from '#runtime/perform/permitted-actions.js';
import type { WaitForRun } from '#runtime/runs/run-outcome.js';
import type { Services } from '#runtime/services.js';

/** What the API needs of the composition root: the one door, the intake of deliveries, and a few services. */
export interface ApiApp {
  services: Pick<
    Services,
    | 'configuration'
    | 'logger'
    | 'catalogue'
    | 'hub'
    | 'accessTokens'
    | 'approvalLinks'
    | 'downloadLinks'
    | 'files'
    | 'storage'
    | 'requestRates'
    | 'callCount'
    | 'textStreams'
  > & {
    database: Pick<Database, 'ping'>;
    engine: Pick<Engine, 'ping'>;
  };
  perform: Perform;
  permittedActions: PermittedActions;
  intake: DeliveryIntake;
  waitForRun: WaitForRun;
  /** `address`: from where it is used. Throws `unauthenticated`. */
  resolveApiKey(key: string, address?: string): Promise<Caller>;
  /** Throws `unauthenticated`. */
  resolveScimToken(token: string): Promise<Caller>;
}
