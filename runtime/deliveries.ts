import { setTimeout as delay } from 'node:timers/promises';
import { jsonSize } from '#core/automation/packed-value.js';
import { AppError } from '#core/errors.js';
import type { Database } from '#db/client.js';
import { createBatchers } from './batching.js';
import type { Configuration } from './configuration.js';
import type { Engine } from './engine/engine.js';
import type { Files } from './files/files.js';
import { orgOfHookKey } from './hook-key.js';
import { type Hook, readHook } from './hooks.js';
import type { Hub } from './hub/hub.js';
import type { Logger } from './logger.js';
import { dispatchChannel } from './outbox.js';
import { maxGroupSize } from './runs/run-group.js';
import { startNow } from './runs/start-now.js';
import { type WaitedDelivery, writeWaitedDeliveries } from './runs/waited-delivery.js';
import type { Vault } from './vault.js';
import {
  type AcceptedDelivery,
  type IncomingDelivery,
  maxRowPayload,
  writeDeliveries,
} from './write-deliveries.js';

export type { FormHook, Hook, MailHook, WebhookHook } from './hooks.js';
export type { IncomingDelivery } from './write-deliveries.js';

export interface DeliveryIntake {
  /** Finds the active hook of a key. Throws `not_found`. Nothing is revealed of why. */
  findHook(hookKey: string): Promise<Hook>;
  /** Writes the delivery once, and wakes the dispatcher. Resolves when it is committed. */
  accept(delivery: IncomingDelivery): Promise<AcceptedDelivery>;
  /**
   * Like `accept`, for a sender who waits for what this automation answers: the run is made with the delivery and
   * started at once, together with those that came while the last ones were started, unless a limit has it wait.
   * Resolves when both are committed.
   */
  acceptWaited(delivery: IncomingDelivery, automationId: string): Promise<WaitedDelivery>;
}

interface IntakeServices {
  database: Database;
  files: Files;
  vault: Vault;
  hub: Hub;
  engine: Pick<Engine, 'startUrgent'>;
  logger: Logger;
  configuration: Pick<Configuration, 'ORGANIZATION_MAX_RUNNING_RUNS'>;
}

/** A delivery for whose answer its sender waits. */
interface Waited {
  orgId: string;
  automationId: string;
  delivery: IncomingDelivery;
}

/** How long a hook that was found is taken for granted. A hook that was switched off stops within this time. */
const hookLifetimeMs = 2_000;
const maxKnownHooks = 1_000;
/** Most deliveries that one statement writes. */
const maxBatch = 50;
/** How long the next deliveries of an automation gather, at most, until the engine has taken the ones before. */
const maxGatheringMs = 100;

/** Takes in what vendors and mail servers send. */
export function createDeliveryIntake({
  database,
  files,
  vault,
  hub,
  engine,
  logger,
  configuration,
}: IntakeServices): DeliveryIntake {
  const known = new Map<string, { hook: Hook; until: number }>();
  const write = createBatchers(
    (orgId, deliveries: readonly IncomingDelivery[]) =>
      database.withOrg(orgId, (db) => writeDeliveries(db, files(orgId, db).withoutQuota, deliveries)),
    maxBatch,
  );
  const writeWaited = createBatchers(
    (_automation, waited: readonly Waited[]) => startWaited(waited),
    maxGroupSize,
  );

  /** Asked before deliveries are written together, so that one that has no room does not take others with it. */
  async function requireRoom({ orgId, payload }: IncomingDelivery): Promise<void> {
    const size = jsonSize(payload);
    if (size > maxRowPayload) await files(orgId).requireRoom(size);
  }

  /** All for one automation. */
  async function startWaited(waited: readonly Waited[]): Promise<WaitedDelivery[]> {
    const { orgId = '', automationId = '' } = waited[0] ?? {};
    const deliveries = waited.map(({ delivery }) => delivery);
    const { ORGANIZATION_MAX_RUNNING_RUNS: maxRunning } = configuration;
    const { accepted, groups, queued } = await database.withOrg(orgId, (db) =>
      writeWaitedDeliveries(db, files(orgId, db).withoutQuota, { deliveries, automationId, maxRunning }),
    );
    const [first] = queued;
    if (first !== undefined) hub.publish(dispatchChannel, { type: 'run', id: first });
    const started = Promise.all(groups.map((group) => startNow({ engine, logger, hub }, group)));
    await Promise.race([started, delay(maxGatheringMs)]);
    return accepted;
  }

  return {
    async findHook(hookKey) {
      const entry = known.get(hookKey);
      if (entry && entry.until > Date.now()) return entry.hook;
      const orgId = orgOfHookKey(hookKey);
      const hook = orgId && (await database.withOrg(orgId, (db) => readHook(db, vault, hookKey)));
      if (!hook) throw new AppError('not_found', 'There is no such hook');
      if (known.size >= maxKnownHooks) known.clear();
      known.set(hookKey, { hook, until: Date.now() + hookLifetimeMs });
      return hook;
    },
    async accept(delivery) {
      await requireRoom(delivery);
      const accepted = await write(delivery.orgId, delivery);
      if (accepted.isNew) hub.publish(dispatchChannel, { type: 'delivery', id: accepted.deliveryId });
      return accepted;
    },
    async acceptWaited(delivery, automationId) {
      await requireRoom(delivery);
      const { orgId } = delivery;
      return writeWaited(`${orgId}/${automationId}`, { orgId, automationId, delivery });
    },
  };
}
