import { parseSetCookie } from 'cookie';

export interface Visited {
  /** Where the last redirect led. */
  url: string;
  response: Response;
}

/** A browser as far as signing in needs one: it keeps cookies by origin and follows redirects. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Follows redirects to the page that answers otherwise, or to the first one whose address `stopAt` is true of. */
  async visit(address: string, stopAt: (url: string) => boolean = () => false): Promise<Visited> {
    let url = address;
    for (let steps = 0; steps < 15; steps += 1) {
      const response = await this.send(url);
      const location = response.headers.get('location') ?? refreshOf(response);
      if (location === undefined) return { url, response };
      await response.arrayBuffer();
      url = new URL(location, url).href;
      if (stopAt(url)) return { url, response };
    }
    throw new Error(`${address} redirects without end`);
  }

  /** One request with the cookies of its origin, without following. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.#jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...Object.fromEntries(new Headers(init.headers)), ...(cookie && { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const { name, value = '', maxAge, expires } = parseSetCookie(line);
      const isGone = maxAge === 0 || (expires !== undefined && expires.getTime() < Date.now());
      if (isGone) jar.delete(name);
      else jar.set(name, encodeURIComponent(value));
    }
    return response;
  }

  /** Another browser with the same cookies. */
  copy(): Browser {
    const copied = new Browser();
    for (const [origin, jar] of this.#cookies) copied.#cookies.set(origin, new Map(jar));
    return copied;
  }

  cookieNames(url: string): string[] {
    return [...this.#jarOf(url).keys()];
  }

  #jarOf(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    return jar;
  }
}

/** Where a page leads on to by itself. */
function refreshOf(response: Response): string | undefined {
  return /^0; url=(.*)$/.exec(response.headers.get('refresh') ?? '')?.[1];
}
