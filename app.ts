import { code } from '#connectors/code/index.js';
import { email } from '#connectors/email/index.js';
import { github } from '#connectors/github/index.js';
import { http } from '#connectors/http/index.js';
import { anthropic, demoModels, openAiCompatible, openai } from '#connectors/language-models/index.js';
import { slack } from '#connectors/slack/index.js';
import { webhook } from '#connectors/webhook/index.js';
import { createCatalogue } from '#core/catalogue.js';
import { type Database, openDatabase } from '#db/client.js';
import { administration } from '#domains/administration/index.js';
import { agents } from '#domains/agents/index.js';
import { ai } from '#domains/ai/index.js';
import { automation } from '#domains/automation/index.js';
import { catalogueDomain } from '#domains/catalogue/index.js';
import { compliance } from '#domains/compliance/index.js';
import { identity } from '#domains/identity/index.js';
import { resolveApiKey } from '#domains/identity/resolve-api-key.js';
import { resolveScimToken } from '#domains/identity/scim/resolve-scim-token.js';
import { type CreatedAdmin, createAdmin } from '#domains/identity/super-users/create-admin.js';
import { integration } from '#domains/integration/index.js';
import { notifications } from '#domains/notifications/index.js';
import { organization } from '#domains/organization/index.js';
import { people } from '#domains/people/index.js';
import { privacy } from '#domains/privacy/index.js';
import { vault } from '#domains/vault/index.js';
import { work } from '#domains/work/index.js';
import { createAccessTokens } from '#runtime/access-tokens.js';
import { createRedisTextStreams } from '#runtime/agents/text-streams/redis-text-streams.js';
import { noTextStreams } from '#runtime/agents/text-streams/text-streams.js';
import { createApprovalLinks } from '#runtime/approval-links.js';
import type { Caller } from '#runtime/caller.js';
import type { Configuration } from '#runtime/configuration.js';
import { createDataStores } from '#runtime/data-stores.js';
import { createDeliveryIntake, type DeliveryIntake } from '#runtime/deliveries.js';
import type { Action } from '#runtime/domain.js';
import { createDownloadLinks } from '#runtime/download-links.js';
import { createTemporalEngine } from '#runtime/engine/temporal-engine.js';
import { createFiles, openStorage } from '#runtime/files/files.js';
import { createPostgresHub } from '#runtime/hub/postgres-hub.js';
import { createRedisHub } from '#runtime/hub/redis-hub.js';
import { loadKeys } from '#runtime/keys/load-keys.js';
import { createLogger, type Logger } from '#runtime/logger.js';
import { createOutgoing } from '#runtime/outgoing/outgoing.js';
import { createPasskeyChallenges } from '#runtime/passkey-challenges.js';
import { createPerform } from '#runtime/perform/create-perform.js';
import type { Perform } from '#runtime/perform/perform.js';
import { createPermittedActions, type PermittedActions } from '#runtime/perform/permitted-actions.js';
import { openPlaces } from '#runtime/places.js';
import { createPresenceBoard } from '#runtime/presence/presence.js';
import { createCallCount } from '#runtime/quotas/call-count.js';
import { createMemoryStore } from '#runtime/rates/memory-store.js';
import { createPlanOf } from '#runtime/rates/plan.js';
import { readPlan } from '#runtime/rates/read-plan.js';
import { createRedisStore } from '#runtime/rates/redis-store.js';
import { createRequestRates, type RequestRates } from '#runtime/rates/request-rates.js';
import { createWaitForRun, type WaitForRun } from '#runtime/runs/run-outcome.js';
import type { Services } from '#runtime/services.js';
import { createOidcClient } from '#runtime/sign-in/oidc-client.js';
import { createSignInChallenges } from '#runtime/sign-in-challenges.js';
import { createTokenChain } from '#runtime/token-chain.js';
import { createVault } from '#runtime/vault.js';

/** Everything that can be done: every domain and connector, listed once. */
export const catalogue = createCatalogue<Action>(
  [
    identity,
    organization,
    people,
    notifications,
    administration,
    work,
    integration,
    automation,
    agents,
    ai,
    compliance,
    privacy,
    vault,
    catalogueDomain,
  ],
  [github, slack, email, http, code, webhook, openai, anthropic, openAiCompatible, demoModels],
);

/** A process's services behind the one door; what api/ and workers/ are given. */
export interface App {
  services: Services;
  perform: Perform;
  permittedActions: PermittedActions;
  intake: DeliveryIntake;
  waitForRun: WaitForRun;
  /** `address`: from where it is used. Throws `unauthenticated`. */
  resolveApiKey(key: string, address?: string): Promise<Caller>;
  /** Throws `unauthenticated`. */
  resolveScimToken(token: string): Promise<Caller>;
  /** Makes a person a super-user, for whoever runs the programs of the host. */
  createAdmin(person: { email: string; name: string | undefined }): Promise<CreatedAdmin>;
  close(): Promise<void>;
}

/** Opens what the configuration names. Throws if the database can't be reached or its role is too powerful. */
export async function createApp(given: Configuration, name = 'worksynapse'): Promise<App> {
  const configuration = { ...given, ENCRYPTION_KEYS: await loadKeys(given) };
  const logger = createLogger({ name, level: configuration.LOG_LEVEL });
  const database = await openDatabase(configuration.DATABASE_URL, configuration.DATABASE_POOL_SIZE);
  const hub = configuration.REDIS_URL
    ? createRedisHub(configuration.REDIS_URL, logger)
    : await createPostgresHub(database, logger);
  const outgoing = createOutgoing({
    allowLoopback: configuration.OUTGOING_ALLOW_LOOPBACK,
    allowedHosts: configuration.OUTGOING_ALLOWED_HOSTS,
    nameServers: configuration.OUTGOING_NAME_SERVERS,
  });
  const storage = openStorage(configuration);
  const services: Services = {
    configuration,
    logger,
    database,
    catalogue,
    hub,
    presence: createPresenceBoard(hub),
    vault: createVault(configuration.ENCRYPTION_KEYS),
    requestRates: openRequestRates(configuration, database, logger),
    callCount: createCallCount(database, logger),
    accessTokens: await createAccessTokens(configuration.ACCESS_TOKEN_KEY),
    tokenChain: createTokenChain(configuration.ACCESS_TOKEN_KEY),
    passkeyChallenges: await createPasskeyChallenges(configuration.ACCESS_TOKEN_KEY),
    places: await openPlaces(configuration.GEOIP_DATABASE, logger),
    signInChallenges: await createSignInChallenges(configuration.ACCESS_TOKEN_KEY),
    approvalLinks: await createApprovalLinks(configuration.ACCESS_TOKEN_KEY),
    downloadLinks: await createDownloadLinks(configuration.ACCESS_TOKEN_KEY),
    outgoing,
    oidc: createOidcClient(outgoing),
    engine: createTemporalEngine(configuration),
    textStreams: configuration.REDIS_URL
      ? createRedisTextStreams(configuration.REDIS_URL, hub, logger)
      : noTextStreams,
    files: createFiles(database, storage),
    storage,
    dataStores: createDataStores(configuration, database, storage),
  };
  return {
    services,
    perform: createPerform(services),
    permittedActions: createPermittedActions(services),
    intake: createDeliveryIntake(services),
    waitForRun: createWaitForRun(services),
    resolveApiKey: (key, address) => resolveApiKey(services, key, address),
    resolveScimToken: (token) => resolveScimToken(database, token),
    createAdmin: (person) => createAdmin(services, person),
    close: async () => {
      services.requestRates.close();
      await services.callCount.close();
      await services.textStreams.close();
      await Promise.all([hub.close(), services.engine.close(), services.outgoing.close()]);
      await database.close();
    },
  };
}

function openRequestRates(
  { REDIS_URL, API_RATE_FACTOR: factor }: Configuration,
  database: Database,
  logger: Logger,
): RequestRates {
  if (REDIS_URL === undefined) logger.info('REDIS_URL is not set: requests are counted in each process');
  const store = REDIS_URL === undefined ? createMemoryStore() : createRedisStore(REDIS_URL, logger);
  const planOf = createPlanOf((orgId) => readPlan(database, orgId));
  return createRequestRates(store, { planOf, factor, logger });
}
