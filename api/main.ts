import { createServer as createHttpServer } from 'node:http';
import { createApp } from '#app.js';
import {
  type Configuration,
  ConfigurationError,
  configurationExitCode,
  publicUrl,
  readConfiguration,
} from '#runtime/configuration.js';
import { errorForLog } from './error-for-log.js';
import { finishRequests, listen, portError } from './listen.js';
import { startSmtpServer } from './mail/smtp-server.js';
import { createServer } from './server.js';

/** How long requests may take to finish after the process was asked to stop. */
const finishMs = 10_000;

try {
  await start(readConfiguration());
} catch (error) {
  const reasons = error instanceof AggregateError ? error.errors : [error];
  const sentences = reasons.map((reason: unknown) =>
    reason instanceof Error ? reason.message : String(reason),
  );
  process.stderr.write(`The API could not start. ${sentences.join('; ')}\n`);
  process.exit(error instanceof ConfigurationError ? configurationExitCode : 1);
}

async function start(configuration: Configuration): Promise<void> {
  const { HOST, PORT, INBOUND_SMTP_PORT } = configuration;
  const app = await createApp(configuration);
  const { logger } = app.services;
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ error: errorForLog(error) }, event);
      process.exit(1);
    });
  }

  const stopping = new AbortController();
  const server = createHttpServer(
    createServer(app, {
      trustProxy: configuration.TRUST_PROXY,
      metricsReaders: configuration.METRICS_PUBLIC ? 'all' : configuration.METRICS_NETWORKS,
      stopping: stopping.signal,
    }),
  );
  // Longer than the idle time of common proxies, so that they, not we, close a connection first.
  server.keepAliveTimeout = 65_000;
  await listen(server, HOST, PORT);
  const mail =
    INBOUND_SMTP_PORT === undefined
      ? undefined
      : await startSmtpServer(app, HOST, INBOUND_SMTP_PORT).catch((error: unknown) => {
          throw portError(error, { host: HOST, port: INBOUND_SMTP_PORT, setting: 'INBOUND_SMTP_PORT' });
        });
  logger.info(
    { host: HOST, port: PORT, mailPort: mail?.port },
    `the API listens at ${publicUrl(configuration)}`,
  );

  const stop = async (signal: string) => {
    logger.info({ signal }, 'the API stops');
    stopping.abort();
    await Promise.all([finishRequests(server, finishMs), mail?.close()]);
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}
