import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { AppError } from '#core/errors.js';
import { refuseInTransaction } from '#db/open-transactions.js';
import { type Deadline, startDeadline } from './deadline.js';
import { createHostGuard, type HostAddress, type HostGuard, type ResolveName } from './host-guard.js';
import { toOutgoingError } from './outgoing-error.js';
import { type OutgoingRequest, readOutgoingRequest } from './outgoing-request.js';
import { readResponse } from './read-response.js';
import { redirectedRequest } from './redirect.js';
import { streamResponse } from './stream-response.js';
import { createTxtReader, type ReadTxt } from './txt-records.js';

export interface OutgoingOptions {
  /** Permits 127.0.0.0/8 and ::1. Development and tests only. */
  allowLoopback: boolean;
  /** Services that the operator runs at private addresses: names, addresses or ranges that may be reached. */
  allowedHosts?: readonly string[];
  limits?: Partial<OutgoingLimits>;
  /** Replaces the system's name resolution. */
  resolveName?: ResolveName;
  /** Asked for TXT records instead of the system's name servers: `address` or `address:port`. */
  nameServers?: readonly string[];
}

export interface OutgoingLimits {
  /** From the call to the last byte of the answer, redirects included. */
  totalTimeoutMs: number;
  connectTimeoutMs: number;
  /** The same for an answer that is streamed. */
  streamTimeoutMs: number;
  /** Until a streamed answer begins, and between two parts of it. */
  streamIdleMs: number;
  /** Bytes of one answer, as it travels and unpacked. */
  maxResponseSize: number;
  maxRedirects: number;
}

/**
 * The way out: every call to an address that somebody outside the operator chose goes through here. None is made while a
 * transaction is open, whose locks and connection would wait for a stranger: each throws an Error then.
 */
export interface Outgoing {
  /**
   * `fetch` that reaches only the public internet. The answer is read whole before it resolves. Rejects with
   * AppError `validation` for an address or answer that is refused, `provider_unavailable` for failures of the
   * network and time-outs, and with the signal's reason when the caller aborts.
   */
  fetch: typeof globalThis.fetch;
  /**
   * The same for answers that come bit by bit over minutes, such as those of language models: it resolves with the head,
   * and the body is read as it comes. Reading it rejects as `fetch` does; whoever stops reading cancels it, which closes the connection.
   */
  stream: typeof globalThis.fetch;
  /** For other protocols: an address of the host that may be connected to. Throws as `fetch` does. */
  resolveHost(host: string): Promise<HostAddress>;
  /** The TXT records of a name. Throws `provider_unavailable`. */
  readTxt: ReadTxt;
  /** Closes the connections that are kept alive, after the calls under way. */
  close(): Promise<void>;
}

/** How the answer to a request is taken. */
interface Answers {
  read(answer: Dispatcher.ResponseData, request: OutgoingRequest): Promise<Response>;
  /** Longest until it begins, and between two parts of it. */
  idleMs: number;
}

const defaultLimits: OutgoingLimits = {
  totalTimeoutMs: 30_000,
  streamTimeoutMs: 600_000,
  streamIdleMs: 120_000,
  connectTimeoutMs: 10_000,
  maxResponseSize: 10 * 1024 * 1024,
  maxRedirects: 5,
};

/** Opens the guarded way out, with its own pool of kept-alive connections. */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { allowLoopback, allowedHosts = [], resolveName } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const guard = createHostGuard({ allowLoopback, allowedHosts, ...(resolveName && { resolveName }) });
  const agent = new Agent({
    connect: { lookup: guardedLookup(guard), timeout: limits.connectTimeoutMs },
    maxResponseSize: limits.maxResponseSize,
  });

  async function guardedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    refuseInTransaction('A call to the outside');
    const request = await readOutgoingRequest(input, init);
    const deadline = startDeadline(request, limits.totalTimeoutMs);
    const read = (answer: Dispatcher.ResponseData, { url }: OutgoingRequest) =>
      readResponse(answer, url, limits.maxResponseSize);
    try {
      return await follow(request, deadline, { read, idleMs: limits.totalTimeoutMs });
    } finally {
      deadline.clear();
    }
  }

  async function guardedStream(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    refuseInTransaction('A call to the outside');
    const given = await readOutgoingRequest(input, init);
    const request = { ...given, headers: { ...given.headers, 'accept-encoding': 'identity' } };
    const deadline = startDeadline(request, limits.streamTimeoutMs);
    const read = async (answer: Dispatcher.ResponseData, { url }: OutgoingRequest) =>
      streamResponse(answer, url, {
        onEnd: deadline.clear,
        toError: (error) =>
          deadline.signal.aborted
            ? deadline.signal.reason
            : toOutgoingError(error, url.hostname, limits.maxResponseSize),
      });
    try {
      return await follow(request, deadline, { read, idleMs: limits.streamIdleMs });
    } catch (error) {
      deadline.clear();
      throw error;
    }
  }

  async function follow(first: OutgoingRequest, deadline: Deadline, answers: Answers): Promise<Response> {
    let request = first;
    for (let redirects = 0; ; redirects += 1) {
      const response = await send(request, deadline, answers);
      const next = request.redirect === 'manual' ? undefined : redirectedRequest(request, response);
      if (!next) return response;
      await response.body?.cancel();
      if (request.redirect === 'error' || redirects === limits.maxRedirects) {
        throw new AppError('validation', `${request.url.hostname} redirects further than is followed.`);
      }
      request = next;
    }
  }

  async function send(
    request: OutgoingRequest,
    { signal, within }: Deadline,
    { read, idleMs }: Answers,
  ): Promise<Response> {
    const { url, method, headers, body } = request;
    guard.checkLiteral(url.hostname);
    try {
      const path = url.pathname + url.search;
      // The client heeds the signal only once it is connected.
      const times = { headersTimeout: idleMs, bodyTimeout: idleMs };
      const answer = await within(
        agent.request({ origin: url.origin, path, method, headers, body, signal, ...times }),
      );
      return await within(read(answer, request));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toOutgoingError(error, url.hostname, limits.maxResponseSize);
    }
  }

  const readTxt = createTxtReader(options.nameServers);
  return {
    fetch: guardedFetch,
    stream: guardedStream,
    async resolveHost(host) {
      refuseInTransaction('A call to the outside');
      return (await guard.addressesOf(host))[0];
    },
    async readTxt(name) {
      refuseInTransaction('A call to the outside');
      return readTxt(name);
    },
    close: () => agent.close(),
  };
}

/** Hands the socket the very addresses that were checked, so a name that changes its answer gains nothing. */
function guardedLookup(guard: HostGuard): LookupFunction {
  return (host, { all }, callback) => {
    guard.addressesOf(host).then(
      (addresses) => {
        if (all) callback(null, addresses);
        else callback(null, addresses[0].address, addresses[0].family);
      },
      (error) => callback(error, '', 0),
    );
  };
}
