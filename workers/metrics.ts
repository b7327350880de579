import { createServer } from 'node:http';
import { collectDefaultMetrics, register } from 'prom-client';
import type { Configuration } from '#runtime/configuration.js';

/** Serves the worker process's metrics at /metrics, where WORKER_METRICS_PORT names a port. */
export async function startMetrics({ WORKER_METRICS_PORT, HOST }: Configuration) {
  if (WORKER_METRICS_PORT === undefined) return undefined;
  collectDefaultMetrics();
  const server = createServer(async (request, response) => {
    const found = request.url === '/metrics';
    response.writeHead(found ? 200 : 404, { 'content-type': found ? register.contentType : 'text/plain' });
    response.end(found ? await register.metrics() : 'Not found');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(WORKER_METRICS_PORT, HOST, resolve);
  });
  return {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
