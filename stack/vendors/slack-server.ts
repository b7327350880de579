import { type SlackMessage, type SlackUser, SlackWorkspace } from './slack-workspace.js';
import {
  startVendorServer,
  type VendorAnswer,
  type VendorFailure,
  type VendorRequest,
} from './vendor-server.js';

export type { SlackMessage, SlackUser } from './slack-workspace.js';

export interface SlackServerOptions {
  /** 0 unless given: any free port. */
  port?: number;
  /** The bot token that is accepted. */
  token: string;
  botUserId?: string;
  /** Names of the channels that exist, without `#`; any channel exists when absent. */
  channels?: readonly string[];
  users?: readonly SlackUser[];
}

export interface SlackServer {
  /** Base address of the Web API, with a trailing slash. */
  url: string;
  /** What was posted, oldest first. */
  messages: readonly SlackMessage[];
  readonly requests: number;
  failNext(times: number, failure: VendorFailure): void;
  close(): Promise<void>;
}

type SlackArguments = Record<string, unknown>;

/**
 * A local workspace that speaks Slack's Web API (https://docs.slack.dev/reference/methods): auth.test,
 * chat.postMessage, conversations.history, conversations.list, conversations.replies, users.list and
 * users.lookupByEmail, with form or JSON arguments and a bearer token. `GET /messages`, which Slack does not have, lists what was posted.
 */
export async function startSlackServer(options: SlackServerOptions): Promise<SlackServer> {
  const workspace = new SlackWorkspace(options.botUserId ?? 'U0BOT00001', options.channels, options.users);
  const server = await startVendorServer(options.port ?? 0, (request) => {
    if (request.method === 'GET' && request.url.pathname === '/messages') return { body: workspace.messages };
    return answerMethod(workspace, options.token, request);
  });
  return {
    url: `${server.origin}/api/`,
    messages: workspace.messages,
    get requests() {
      return server.requests;
    },
    failNext: server.failNext,
    close: server.close,
  };
}

function answerMethod(workspace: SlackWorkspace, token: string, request: VendorRequest): VendorAnswer {
  const authorization = request.headers.authorization;
  if (authorization === undefined) return { body: { ok: false, error: 'not_authed' } };
  if (authorization !== `Bearer ${token}`) return { body: { ok: false, error: 'invalid_auth' } };
  const given = readArguments(request);
  switch (request.url.pathname) {
    case '/api/auth.test':
      return { body: workspace.identity() };
    case '/api/chat.postMessage':
      return { body: workspace.post(given) };
    case '/api/conversations.history':
      return { body: workspace.history(given) };
    case '/api/conversations.replies':
      return { body: workspace.replies(given) };
    case '/api/conversations.list':
      return { body: workspace.list(given) };
    case '/api/users.list':
      return { body: workspace.userList(given) };
    case '/api/users.lookupByEmail':
      return { body: workspace.userByEmail(given) };
    default:
      return { body: { ok: false, error: 'unknown_method' } };
  }
}

/** Arguments come as JSON, or as a form in which lists and objects are JSON texts. */
function readArguments({ headers, body, url }: VendorRequest): SlackArguments {
  if (headers['content-type']?.startsWith('application/json')) return JSON.parse(body.toString());
  const given: SlackArguments = {};
  for (const fields of [url.searchParams, new URLSearchParams(body.toString())]) {
    for (const [name, value] of fields)
      given[name] = /^[[{]/.test(value) && name !== 'text' ? JSON.parse(value) : value;
  }
  return given;
}
