import type { Stack } from './stack.js';

/** Where this machine reaches the API, without a trailing slash. */
export function applicationAddress(stack: Pick<Stack, 'otherPorts'>, environment: NodeJS.ProcessEnv): string {
  const host = environment.HOST || '127.0.0.1';
  const isEveryInterface = host === '0.0.0.0' || host === '::';
  return `http://${isEveryInterface ? '127.0.0.1' : host}:${stack.otherPorts[0]}`;
}

/**
 * The environment of API and worker: what the stack offers, then what is set in `environment`, which wins.
 * The owner of the schema is left out: only migrations may use it.
 */
export function applicationEnvironment(
  stack: Pick<Stack, 'otherPorts' | 'environment'>,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const [apiPort, smtpPort, workerMetricsPort] = stack.otherPorts;
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const offered = {
    HOST: '127.0.0.1',
    PUBLIC_URL: applicationAddress(stack, environment),
    MAIL_URL: `smtp://127.0.0.1:${smtpPort}`,
    ...stack.environment,
  };
  if (set.NODE_ENV === 'production') withoutDevelopmentSettings(offered);
  const ports = {
    PORT: String(apiPort),
    INBOUND_SMTP_PORT: String(smtpPort),
    WORKER_METRICS_PORT: String(workerMetricsPort),
  };
  return { ...offered, ...set, ...ports, DATABASE_OWNER_URL: undefined };
}

function withoutDevelopmentSettings(offered: Record<string, string>): void {
  delete offered.OUTGOING_ALLOW_LOOPBACK;
  delete offered.DEV_MAILBOX_FOLDER;
  delete offered.MAIL_URL;
  delete offered.DEMO_MODEL_URL;
}
