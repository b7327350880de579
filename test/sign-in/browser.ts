import { z } from 'zod';
import type { BuiltOrganization } from '../builders/build-organization.js';

export interface BrowserOptions {
  /** Cookies that it begins with. */
  cookies?: Iterable<readonly [string, string]>;
  userAgent?: string;
  /** Address of the client, as a proxy in front says it. */
  ip?: string;
}

export interface BrowserAnswer {
  status: number;
  headers: Headers;
  body: Body;
}

/** What tests read of answers. */
type Body = z.output<typeof Body>;
const Body = z.looseObject({
  accessToken: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  challenge: z.string().default(''),
  methods: z.array(z.string()).optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  organization: z.looseObject({ id: z.string() }).optional(),
  organizations: z.array(z.looseObject({ id: z.string() })).optional(),
  recoveryCodes: z.array(z.string()).default([]),
  items: z.array(z.looseObject({ id: z.string() })).default([]),
});

/** What a browser with a page of ours open does: keeps cookies, says where its requests come from. */
export interface Browser {
  cookies: Map<string, string>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<BrowserAnswer>;
  /** With the access token of the last answer that had one. */
  ask(method: string, path: string, body?: unknown): Promise<BrowserAnswer>;
  logIn(person: Pick<BuiltOrganization, 'email' | 'password'>, more?: object): Promise<BrowserAnswer>;
  refresh(headers?: Record<string, string>): Promise<BrowserAnswer>;
  accessToken: string | undefined;
}

export const sessionCookie = 'worksynapse_session';
export const deviceCookie = 'worksynapse_device';

export function openBrowser(address: string, options: BrowserOptions = {}): Browser {
  const cookies = new Map(options.cookies);
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: present({
        'content-type': 'application/json',
        origin: address,
        'user-agent': options.userAgent ?? 'Test browser',
        'x-forwarded-for': options.ip ?? '',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    keep(cookies, response.headers.getSetCookie());
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: parse(text) };
    browser.accessToken = answer.body.accessToken ?? browser.accessToken;
    return answer;
  };
  const browser: Browser = {
    cookies,
    accessToken: undefined,
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    ask: (method, path, body) => send(method, path, body, { authorization: `Bearer ${browser.accessToken}` }),
    logIn: ({ email, password }, more = {}) => send('POST', '/v1/log-in', { email, password, ...more }, {}),
    refresh: (headers = {}) => send('POST', '/v1/session/refresh', undefined, headers),
  };
  return browser;
}

function keep(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}

function parse(text: string): Body {
  return Body.parse(text === '' ? {} : JSON.parse(text));
}

/** Without those that are empty. */
function present(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
