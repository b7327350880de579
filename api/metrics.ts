import type { Request, RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { AppError } from '#core/errors.js';
import { isInNetworks } from '#runtime/networks.js';
import { isLoopback } from './client-network.js';
import { contextOf } from './request-context.js';

export interface Metrics {
  registry: Registry;
  hooksAccepted: Counter<'provider'>;
  hooksRejected: Counter<'provider' | 'reason'>;
  requestsRefused: Counter<'limit'>;
  requestsUncounted: Counter;
  /** Measures each request by method, route template and status. */
  measure: RequestHandler;
}

/** The metrics of one server, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'worksynapse_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route template; event streams are not in it.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    hooksAccepted: new Counter({
      name: 'worksynapse_hooks_accepted_total',
      help: 'Webhook deliveries that were proven genuine and kept, repeats included.',
      labelNames: ['provider'],
      registers: [registry],
    }),
    hooksRejected: new Counter({
      name: 'worksynapse_hooks_rejected_total',
      help: 'Webhook requests that were refused, by error code.',
      labelNames: ['provider', 'reason'],
      registers: [registry],
    }),
    requestsRefused: new Counter({
      name: 'worksynapse_requests_refused_total',
      help: 'Requests to the API beyond the rate of the plan, by limit.',
      labelNames: ['limit'],
      registers: [registry],
    }),
    requestsUncounted: new Counter({
      name: 'worksynapse_requests_uncounted_total',
      help: 'Requests to the API that were let through because the store of rates did not answer.',
      registers: [registry],
    }),
    measure: (request, response, next) => {
      const startedAt = performance.now();
      response.once('finish', () => {
        const { route = 'none', isStream } = contextOf(request);
        if (isStream) return;
        const seconds = (performance.now() - startedAt) / 1000;
        duration.observe({ method: request.method, route, status: response.statusCode }, seconds);
      });
      next();
    },
  };
}

/**
 * Serves the metrics in Prometheus' text format. They tell of traffic, so besides a client on this host only `readers`
 * get them, and not through a proxy; for anyone else there is nothing here.
 */
export function serveMetrics({ registry }: Metrics, readers: readonly string[] | 'all'): RequestHandler {
  return async (request, response) => {
    Object.assign(contextOf(request), { route: '/metrics', isQuiet: true });
    const isReader = readers === 'all' || (!isProxied(request) && isNear(request, readers));
    if (!isReader) throw new AppError('not_found', 'There is nothing at GET /metrics');
    response.type(registry.contentType).send(await registry.metrics());
  };
}

function isNear({ socket }: Request, networks: readonly string[]): boolean {
  return isLoopback(socket.remoteAddress) || isInNetworks(socket.remoteAddress, networks);
}

function isProxied({ headers }: Request): boolean {
  return ['forwarded', 'x-forwarded-for', 'via'].some((name) => headers[name] !== undefined);
}
