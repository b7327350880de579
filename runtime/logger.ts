import { pino } from 'pino';

export type Logger = pino.Logger;

/** JSON logs on standard output. Credentials never reach them: known secret fields are redacted at any depth up to two. */
export function createLogger(options: { name: string; level: string }): Logger {
  const secrets = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey'];
  return pino({
    name: options.name,
    level: options.level,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secrets.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
  });
}
