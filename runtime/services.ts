import type { Catalogue } from '#core/catalogue.js';
import type { Database } from '#db/client.js';
import type { AccessTokens } from './access-tokens.js';
import type { TextStreams } from './agents/text-streams/text-streams.js';
import type { ApprovalLinks } from './approval-links.js';
import type { Configuration } from './configuration.js';
import type { Action } from './domain.js';
import type { DownloadLinks } from './download-links.js';
import type { Engine } from './engine/engine.js';
import type { Files } from './files/files.js';
import type { ObjectStorage } from './files/object-storage.js';
import type { Hub } from './hub/hub.js';
import type { Logger } from './logger.js';
import type { Outgoing } from './outgoing/outgoing.js';
import type { PasskeyChallenges } from './passkey-challenges.js';
import type { Places } from './places.js';
import type { PresenceBoard } from './presence/presence.js';
import type { DataStore } from './privacy/stores/data-store.js';
import type { CallCount } from './quotas/call-count.js';
import type { RequestRates } from './rates/request-rates.js';
import type { OidcClient } from './sign-in/oidc-client.js';
import type { SignInChallenges } from './sign-in-challenges.js';
import type { TokenChain } from './token-chain.js';
import type { Vault } from './vault.js';

/** What a process has one of. Made by app.ts, handed down as an argument. */
export interface Services {
  configuration: Configuration;
  logger: Logger;
  database: Database;
  catalogue: Catalogue<Action>;
  hub: Hub;
  /** Who has which draft open. */
  presence: PresenceBoard;
  vault: Vault;
  requestRates: RequestRates;
  /** Requests by month. */
  callCount: CallCount;
  accessTokens: AccessTokens;
  tokenChain: TokenChain;
  /** Where addresses are. */
  places: Places;
  signInChallenges: SignInChallenges;
  passkeyChallenges: PasskeyChallenges;
  approvalLinks: ApprovalLinks;
  downloadLinks: DownloadLinks;
  outgoing: Outgoing;
  /** Signing in at OpenID providers. */
  oidc: OidcClient;
  engine: Engine;
  /** What models are saying at this moment, for those who watch. */
  textStreams: TextStreams;
  /** The organization's files and large payloads. */
  files: Files;
  /** Where the bytes of files and archives are. */
  storage: ObjectStorage;
  /** Every place where data of organizations is kept. */
  dataStores: readonly DataStore[];
}
