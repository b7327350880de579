import { z } from 'zod';
import type { Configuration } from './configuration.js';
import { readTrustedHosts } from './outgoing/trusted-hosts.js';
import { developmentMark, keyWeakness, passwordWeakness } from './weak-secret.js';

/** The environment as it was given, without what is empty. */
export type GivenEnvironment = Readonly<Record<string, string | undefined>>;

const SigningKey = z.object({ d: z.string(), kid: z.string().optional() });

/**
 * What keeps these settings from being safe in production: a sentence each, that names the setting and no value.
 * Empty when nothing does.
 */
export function productionFaults(configuration: Configuration, given: GivenEnvironment): string[] {
  return [
    ...developmentFaults(configuration),
    ...exposureFaults(configuration, given),
    ...encryptionKeyFaults(configuration),
    ...signingKeyFaults(configuration),
    ...passwordFaults(configuration),
    ...databaseFaults(configuration),
    ...processFaults(given),
  ];
}

function developmentFaults(configuration: Configuration): string[] {
  const { OUTGOING_ALLOW_LOOPBACK, OUTGOING_ALLOWED_HOSTS, DEV_MAILBOX_FOLDER } = configuration;
  const { MAIL_URL, MAIL_FROM, REDIS_URL } = configuration;
  return [
    ...(OUTGOING_ALLOW_LOOPBACK ? ['OUTGOING_ALLOW_LOOPBACK must not be true.'] : []),
    ...(readTrustedHosts(OUTGOING_ALLOWED_HOSTS).includesLoopback
      ? ['OUTGOING_ALLOWED_HOSTS must not name loopback.']
      : []),
    ...(DEV_MAILBOX_FOLDER === undefined ? [] : ['DEV_MAILBOX_FOLDER must not be set.']),
    ...(REDIS_URL === undefined ? ['REDIS_URL is required.'] : []),
    ...(MAIL_URL !== undefined && MAIL_FROM === undefined ? ['MAIL_URL needs MAIL_FROM.'] : []),
  ];
}

/** How clients come in, and what they can see without signing in. */
function exposureFaults(configuration: Configuration, given: GivenEnvironment): string[] {
  const { PUBLIC_URL, PUBLIC_URL_ALLOW_HTTP, METRICS_PUBLIC, CORS_ORIGINS } = configuration;
  const isPlain = PUBLIC_URL !== undefined && new URL(PUBLIC_URL).protocol !== 'https:';
  const hasPlainOrigin = CORS_ORIGINS.some((origin) => !origin.startsWith('https:'));
  return [
    ...(PUBLIC_URL === undefined ? ['PUBLIC_URL is required.'] : []),
    ...(isPlain && !PUBLIC_URL_ALLOW_HTTP
      ? [
          'PUBLIC_URL must be https: put a proxy with TLS in front, or set PUBLIC_URL_ALLOW_HTTP where no one can listen in.',
        ]
      : []),
    ...(given.TRUST_PROXY === undefined
      ? ['TRUST_PROXY must be stated: how many proxies are in front of the API, 0 for none.']
      : []),
    ...(hasPlainOrigin && !PUBLIC_URL_ALLOW_HTTP ? ['CORS_ORIGINS must be https.'] : []),
    ...(METRICS_PUBLIC
      ? ['METRICS_PUBLIC must not be true: name those who read the metrics in METRICS_NETWORKS.']
      : []),
  ];
}

function encryptionKeyFaults({ ENCRYPTION_KEYS, ENCRYPTION_KMS_KEY }: Configuration): string[] {
  // What the KMS unwraps is looked at where it is loaded.
  if (ENCRYPTION_KMS_KEY !== undefined) return [];
  return ENCRYPTION_KEYS.flatMap(({ id, key }, index) => {
    const which = `ENCRYPTION_KEYS: key ${index + 1}`;
    if (id === developmentMark) return [`${which} is one that npm start made for development.`];
    const weakness = keyWeakness(key);
    return weakness === undefined ? [] : [`${which} ${weakness}; make one with openssl rand -base64 32.`];
  });
}

function signingKeyFaults({ ACCESS_TOKEN_KEY }: Configuration): string[] {
  const known = SigningKey.safeParse(parseJson(ACCESS_TOKEN_KEY));
  if (!known.success) return ['ACCESS_TOKEN_KEY must be an Ed25519 private key as a JWK in JSON.'];
  const { d, kid = '' } = known.data;
  if (kid.startsWith(developmentMark))
    return ['ACCESS_TOKEN_KEY is one that npm start made for development.'];
  const weakness = keyWeakness(Buffer.from(d, 'base64url'));
  return weakness === undefined ? [] : [`ACCESS_TOKEN_KEY ${weakness}; make one as .env.example says.`];
}

function passwordFaults(configuration: Configuration): string[] {
  const { DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL, MAIL_URL, S3_SECRET_ACCESS_KEY } = configuration;
  const passwords = {
    DATABASE_URL: passwordIn(DATABASE_URL),
    DATABASE_OWNER_URL: passwordIn(DATABASE_OWNER_URL),
    REDIS_URL: passwordIn(REDIS_URL),
    MAIL_URL: passwordIn(MAIL_URL),
    S3_SECRET_ACCESS_KEY: S3_SECRET_ACCESS_KEY ?? '',
  };
  return Object.entries(passwords).flatMap(([name, password]) => {
    const weakness = password === '' ? undefined : passwordWeakness(password);
    const what = name.endsWith('_URL') ? `The password in ${name}` : name;
    return weakness === undefined ? [] : [`${what} ${weakness}.`];
  });
}

function databaseFaults({ DATABASE_URL, DATABASE_OWNER_URL }: Configuration): string[] {
  if (DATABASE_OWNER_URL === undefined) return [];
  const isSame = new URL(DATABASE_OWNER_URL).username === new URL(DATABASE_URL).username;
  return isSame ? ['DATABASE_URL must log in as another role than DATABASE_OWNER_URL.'] : [];
}

/** Switches of Node itself that undo what the settings promise. */
function processFaults(given: GivenEnvironment): string[] {
  const options = given.NODE_OPTIONS ?? '';
  return [
    ...(given.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? ['NODE_TLS_REJECT_UNAUTHORIZED must not be 0.'] : []),
    ...(/--inspect/.test(options) ? ['NODE_OPTIONS must not open a debugger.'] : []),
  ];
}

function passwordIn(url: string | undefined): string {
  if (url === undefined) return '';
  const { password } = new URL(url);
  return decodeURIComponent(password);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
