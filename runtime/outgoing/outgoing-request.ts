import { AppError } from '#core/errors.js';
import { parseUrl } from '#core/parse-url.js';
import { isBlockedPort } from './blocked-ports.js';

/** A request in the form that can be sent again after a redirect: nothing in it is a stream. */
export interface OutgoingRequest {
  url: URL;
  method: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  redirect: 'follow' | 'error' | 'manual';
  signal: AbortSignal | undefined;
}

/** The client sets these itself; a caller's value could only contradict the connection. */
const connectionHeaders = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Methods that ask for a tunnel or echo the request's headers. Fetch standard, "forbidden method". */
const refusedMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * Reads the arguments of `fetch`. Throws `validation` for an address that is no URL or not permitted in form, and for
 * a method, header or body that cannot be sent.
 */
export async function readOutgoingRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<OutgoingRequest> {
  const url = parseOutgoingUrl(input instanceof Request ? input.url : input);
  const request = isPlain(input, init)
    ? readPlainRequest(url, init)
    : await readWebRequest(
        url,
        sendable(url, () => new Request(input, { ...init, duplex: 'half' })),
        init.signal ?? undefined,
      );
  if (refusedMethods.has(request.method)) {
    throw new AppError('validation', `${url.hostname} must not be called with ${request.method}.`);
  }
  return request;
}

/** Parses an address and refuses what is not plain HTTP or carries credentials. Throws `validation`. */
export function parseOutgoingUrl(address: string | URL, base?: URL): URL {
  const url = parseUrl(String(address), base);
  if (!url) throw new AppError('validation', 'The address is not a valid URL.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError(
      'validation',
      `${url.hostname || url.protocol} can only be called over http or https.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'validation',
      `The address of ${url.hostname} must not contain a user name or password.`,
    );
  }
  if (isBlockedPort(url)) {
    throw new AppError('validation', `${url.hostname} must not be called on port ${url.port}.`);
  }
  return url;
}

type PlainInit = RequestInit & { body?: string | Uint8Array | null };

/** True for what needs no Request of the platform to be understood. */
function isPlain(input: string | URL | Request, init: RequestInit): init is PlainInit {
  const { body = null } = init;
  return (
    !(input instanceof Request) && (body === null || typeof body === 'string' || body instanceof Uint8Array)
  );
}

function readPlainRequest(url: URL, { body = null, ...init }: PlainInit): OutgoingRequest {
  const headers = readHeaders(sendable(url, () => new Headers(init.headers)));
  if (typeof body === 'string') headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return {
    url,
    method: init.method?.toUpperCase() ?? 'GET',
    headers,
    body,
    redirect: init.redirect ?? 'follow',
    signal: init.signal ?? undefined,
  };
}

/** What the platform refuses to build is the caller's mistake. Its message repeats values, which may be secret. */
function sendable<Built>(url: URL, build: () => Built): Built {
  try {
    return build();
  } catch {
    throw new AppError('validation', `The request to ${url.hostname} has a part that cannot be sent.`);
  }
}

async function readWebRequest(
  url: URL,
  request: Request,
  signal: AbortSignal = request.signal,
): Promise<OutgoingRequest> {
  return {
    url,
    method: request.method.toUpperCase(),
    headers: readHeaders(request.headers),
    body: request.body === null ? null : new Uint8Array(await request.arrayBuffer()),
    redirect: request.redirect,
    signal,
  };
}

function readHeaders(given: Headers): Record<string, string> {
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'gzip, br',
    'user-agent': 'WorkSynapse',
  };
  for (const [name, value] of given) headers[name] = value;
  for (const name of connectionHeaders) delete headers[name];
  return headers;
}
