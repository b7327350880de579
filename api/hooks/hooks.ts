import { type Request, type Response, Router } from 'express';
import { AppError } from '#core/errors.js';
import type { AcceptedDelivery } from '#runtime/write-deliveries.js';
import type { Waiting } from '../answers/waiting.js';
import type { ApiApp } from '../api-app.js';
import { discardRest } from '../body/read-body.js';
import type { ConcurrencyLimit } from '../concurrency-limit.js';
import type { Metrics } from '../metrics.js';
import { toAppError } from '../problem.js';
import { createRateLimit, type RateLimit } from '../rate-limit.js';
import { contextOf } from '../request-context.js';
import { automationDoor } from './automation-door.js';
import { connectionDoor } from './connection-door.js';
import type { Door } from './door.js';

const hookPath = '/hooks/:provider/:key';
const hookKeyPattern = /^[A-Za-z0-9_-]{1,128}$/;

export interface HookOptions {
  metrics: Pick<Metrics, 'hooksAccepted' | 'hooksRejected'>;
  requestsPerSecond: number;
  waiting: Waiting;
  /** Bodies with files that an organization may have in memory at a time. */
  fileBodies: ConcurrencyLimit;
}

/**
 * Webhook ingress, `/hooks/:provider/:key`: proves the delivery, writes it once, answers 202 with its id, or with what
 * the run says that it starts. To be mounted before the JSON parser: signatures are over the raw body.
 */
export function createHookRoutes(app: ApiApp, options: HookOptions): Router {
  const { metrics, requestsPerSecond } = options;
  const limit = createRateLimit(
    requestsPerSecond,
    1,
    'This hook gets too many deliveries; send them again later',
  );
  const router = Router({ caseSensitive: true });
  // Whatever is asked below /hooks, by any method: its path may hold a key.
  router.use('/hooks', (request, _response, next) => {
    Object.assign(contextOf(request), { route: hookPath, isQuiet: true, hasSecretPath: true });
    next();
  });
  router.all(`${hookPath}{/*path}`, async (request, response) => {
    let provider = 'unknown';
    try {
      const door = await findDoor(app, request, limit, options.fileBodies);
      provider = door.provider;
      refuseMethod(door, request, response);
      const onKept = () => metrics.hooksAccepted.inc({ provider });
      await enter(app, options.waiting, { door, request, response, onKept });
    } catch (error) {
      metrics.hooksRejected.inc({ provider, reason: toAppError(error).code });
      discardRest(request);
      throw error;
    }
  });
  return router;
}

interface Visit {
  door: Door;
  request: Request;
  response: Response;
  onKept(): void;
}

async function enter(
  app: ApiApp,
  waiting: Waiting,
  { door, request, response, onKept }: Visit,
): Promise<void> {
  const delivery = await door.receive(request, response);
  if (!delivery) return;
  if (!door.answering) {
    const accepted = await app.intake.accept(delivery);
    onKept();
    return acknowledge(response, accepted);
  }
  // Not before the sender is proven: nobody else shall take places.
  const release = waiting.take(door.orgId);
  try {
    const { automationId, timeoutMs } = door.answering;
    const { runId } = await app.intake.acceptWaited(delivery, automationId);
    onKept();
    if (runId === undefined) response.status(204).end();
    else await waiting.answer(request, response, { orgId: door.orgId, runId, timeoutMs });
  } finally {
    release();
  }
}

function acknowledge(response: Response, { deliveryId, isNew }: AcceptedDelivery): void {
  response.status(202).json(isNew ? { deliveryId } : { deliveryId, duplicate: true });
}

function refuseMethod({ methods }: Door, { method }: Request, response: Response): void {
  if (methods.includes(method)) return;
  response.setHeader('Allow', methods.join(', '));
  throw new AppError('method_not_allowed', `Send ${methods.join(' or ')}`);
}

/** An unknown key and a known key under another provider's name or path give the same answer. */
async function findDoor(
  app: ApiApp,
  request: Request,
  limit: RateLimit,
  fileBodies: ConcurrencyLimit,
): Promise<Door> {
  const { provider, key, path } = request.params;
  if (typeof key !== 'string' || !hookKeyPattern.test(key)) throw noSuchHook();
  await limit.use(key);
  const hook = await app.intake.findHook(key).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'not_found' ? noSuchHook() : error;
  });
  const door = hook.kind === 'connection' ? connectionDoor(app, hook) : automationDoor(app, hook, fileBodies);
  const isHere = path === undefined || [path].flat().join('/') === door?.path;
  if (!door || door.provider !== provider || !isHere) throw noSuchHook();
  return door;
}

function noSuchHook(): AppError {
  return new AppError('not_found', 'There is no such hook');
}
