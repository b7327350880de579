import { type Request, Router } from 'express';
import type { ApiApp } from './api-app.js';
import { errorForLog } from './error-for-log.js';
import { contextOf } from './request-context.js';

const checkLimitMs = 2_000;

/** One service that the API needs, as /readyz shows it. */
export interface ServiceCheck {
  ok: boolean;
  /** How long the answer took. */
  ms: number;
}

/** `GET /healthz`: the process is up. `GET /readyz`: 200 if every service that it needs answers within 2 s, else 503. */
export function createHealthRoutes(app: ApiApp): Router {
  const checks = serviceChecks(app);
  const router = Router();
  router.get('/healthz', (request, response) => {
    beQuiet(request, '/healthz');
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (request, response) => {
    beQuiet(request, '/readyz');
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, ping]) => [name, await check(app, name, ping)] as const),
    );
    const isReady = results.every(([, { ok }]) => ok);
    response
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ready' : 'unavailable', checks: Object.fromEntries(results) });
  });
  return router;
}

function serviceChecks({ services }: ApiApp): Record<string, () => Promise<void>> {
  const { CHROMA_URL } = services.configuration;
  return {
    database: () => services.database.ping(),
    engine: () => services.engine.ping(),
    hub: () => services.hub.ping(),
    ...(CHROMA_URL === undefined ? {} : { chroma: () => pingChroma(CHROMA_URL) }),
  };
}

async function pingChroma(url: string): Promise<void> {
  const response = await fetch(new URL('/api/v2/heartbeat', url), {
    signal: AbortSignal.timeout(checkLimitMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Chroma answers ${response.status}`);
}

async function check(app: ApiApp, name: string, ping: () => Promise<void>): Promise<ServiceCheck> {
  const startedAt = performance.now();
  const passed = () => Math.round(performance.now() - startedAt);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkLimitMs} ms`)), checkLimitMs);
  });
  try {
    await Promise.race([ping(), limit]);
    return { ok: true, ms: passed() };
  } catch (error) {
    app.services.logger.warn({ error: errorForLog(error), service: name }, 'a service does not answer');
    return { ok: false, ms: passed() };
  } finally {
    clearTimeout(timer);
  }
}

function beQuiet(request: Request, route: string): void {
  Object.assign(contextOf(request), { route, isQuiet: true });
}
