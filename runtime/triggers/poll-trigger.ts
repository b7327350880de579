import { eq } from 'drizzle-orm';
import type { ConnectorContext } from '#core/connector.js';
import { AppError } from '#core/errors.js';
import type { PolledPage } from '#core/polled-trigger.js';
import type { Transaction } from '#db/client.js';
import { connections } from '#db/schema/index.js';
import { markCredentialsExpired, type OpenConnection, openConnection } from '../connection.js';
import { dispatchChannel } from '../outbox.js';
import type { Services } from '../services.js';
import { isSuspended } from '../suspension.js';
import { writeDeliveries } from '../write-deliveries.js';
import { lockListening, readListening } from './listening-version.js';
import { keepCursor, keepFailure, type PollState, readPollState, watchedBy } from './poll-state.js';
import { findPolledTrigger, type PolledTrigger } from './polled-trigger.js';
import { reviseSchedule } from './revise-schedule.js';

/** It is time for a version of an automation to ask an app for news. */
export interface Poll {
  orgId: string;
  automationId: string;
  version: number;
  signal: AbortSignal;
}

/**
 * What became of it. `stale`: the version no longer listens. `resting`: a failure, or a suspension, keeps the app from being asked.
 * `failed`: the app could not be asked; the automation shows why.
 */
export type PollOutcome = 'polled' | 'stale' | 'resting' | 'failed';

/** Pages of one turn; what is left comes with the next. */
const maxPages = 10;
/** Longest that an app may take for one page. */
const pageMs = 30_000;

interface Turn {
  trigger: PolledTrigger;
  hookKey: string;
  input: Record<string, unknown>;
  state: PollState;
  /** Or why it can't be opened. */
  connection: OpenConnection | AppError;
}

/**
 * Asks an app what is new and makes a delivery of each item, page by page: a page and the cursor after it are kept in
 * one transaction. The first time only finds out where the present is. Credentials are opened afresh; no transaction
 * is open while the app is asked. Throws only what is an outage of our own.
 */
export async function pollTrigger(services: Services, poll: Poll): Promise<PollOutcome> {
  const { database } = services;
  const turn = await database.withOrg(poll.orgId, (db) => beginTurn(services, db, poll));
  if (turn === 'stale' || turn === 'resting') return turn;
  let { cursor } = turn.state;
  for (let count = 0; count < maxPages; count += 1) {
    const page = await ask(services, poll, turn, cursor).catch((error: unknown) => ({ error }));
    if ('error' in page) {
      // The worker is stopping; that is no failure of the app.
      if (poll.signal.aborted) throw page.error;
      await database.withOrg(poll.orgId, (db) => giveUp(services, db, poll, turn, page.error));
      return 'failed';
    }
    const isFirst = cursor === undefined;
    const items = isFirst ? [] : page.items;
    if (!(await keepPage(services, poll, turn, { ...page, items }))) return 'stale';
    if (isFirst || !page.hasMore) break;
    cursor = page.cursor;
    turn.state.failures = 0;
  }
  return 'polled';
}

async function beginTurn(
  services: Services,
  db: Transaction,
  { orgId, automationId, version }: Poll,
): Promise<Turn | 'stale' | 'resting'> {
  const listening = await readListening(db, automationId);
  const trigger = listening && findPolledTrigger(services.catalogue, listening.trigger);
  if (!trigger || listening.version !== version) {
    // The engine still has a schedule that it should not have.
    await reviseSchedule(db, { orgId, automationId }, false);
    return 'stale';
  }
  const watched = watchedBy(listening.trigger);
  const state = await readPollState(db, automationId, watched, Date.now());
  const { connection: connectionId, input } = listening.trigger;
  if (!state || (await hasExpired(db, connectionId)) || (await isSuspended(db, orgId))) return 'resting';
  const connection = await openConnection(services, db, trigger, connectionId).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  return { trigger, hookKey: listening.hookKey, input, state, connection };
}

/** New credentials make it active again; until then each call would only be refused. */
async function hasExpired(db: Transaction, connectionId: string | undefined): Promise<boolean> {
  if (connectionId === undefined) return false;
  const [row] = await db
    .select({ status: connections.status })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return row?.status === 'credentials_expired';
}

async function ask(services: Services, poll: Poll, turn: Turn, cursor: unknown): Promise<PolledPage> {
  const { trigger, connection, input } = turn;
  if (connection instanceof AppError) throw connection;
  const limit = AbortSignal.timeout(pageMs);
  const context: ConnectorContext = {
    config: connection.config,
    secret: connection.secret,
    fetch: services.outgoing.fetch,
    stream: services.outgoing.stream,
    resolveHost: services.outgoing.resolveHost,
    files: services.files(poll.orgId),
    signal: AbortSignal.any([poll.signal, limit]),
    idempotencyKey: `${poll.automationId}:${JSON.stringify(cursor)}`,
    isRetry: false,
  };
  return trigger.poll.poll(context, input, cursor).catch((cause: unknown) => {
    if (!limit.aborted) throw cause;
    throw new AppError('provider_unavailable', `${trigger.name} took longer than ${pageMs} ms`, { cause });
  });
}

/** Keeps a page, unless the version has stopped listening meanwhile: then false. */
async function keepPage(
  services: Services,
  poll: Poll,
  { trigger, hookKey, state }: Turn,
  { items, cursor }: PolledPage,
): Promise<boolean> {
  const { orgId, automationId, version } = poll;
  const deliveries = items.map(({ id, payload }) => ({
    orgId,
    provider: trigger.connector,
    hookKey,
    externalId: `${trigger.name}:${id}`,
    triggers: [trigger.name],
    payload,
  }));
  const kept = await services.database.withOrg(orgId, async (db) => {
    if ((await lockListening(db, automationId))?.version !== version) return undefined;
    await keepCursor(db, { orgId, automationId }, { watched: state.watched, cursor });
    return deliveries.length === 0 ? [] : writeDeliveries(db, services.files(orgId, db), deliveries);
  });
  const [news] = kept?.filter(({ isNew }) => isNew) ?? [];
  if (news) services.hub.publish(dispatchChannel, { type: 'delivery', id: news.deliveryId });
  return kept !== undefined;
}

async function giveUp(
  services: Services,
  db: Transaction,
  poll: Poll,
  { trigger, input, state, connection }: Turn,
  error: unknown,
): Promise<void> {
  const { orgId, automationId, version } = poll;
  services.logger.warn({ err: error, orgId, automationId }, 'An app could not be asked for news');
  const isExpired = error instanceof AppError && error.code === 'credentials_expired';
  if (isExpired && 'id' in connection && connection.id !== null) {
    await markCredentialsExpired(db, connection.id);
  }
  if ((await lockListening(db, automationId))?.version !== version) return;
  const timetable = trigger.poll.timetable(input);
  await keepFailure(db, { orgId, automationId }, state, { error, timetable, nowMs: Date.now() });
}
