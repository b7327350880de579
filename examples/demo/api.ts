import { z } from 'zod';
import { DemoError } from './demo-error.js';

/** The public API, as any client sees it. */
export interface Api {
  /** Without a trailing slash. */
  url: string;
  accessToken: string | undefined;
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.output<Schema>>;
}

const Problem = z.object({ status: z.number(), code: z.string(), detail: z.string() });

/** The API at an address, for the person whose token is given. Its calls throw DemoError when they are refused. */
export function createApi(url: string, accessToken?: string): Api {
  const call = async <Schema extends z.ZodType>(path: string, init: RequestInit, schema: Schema) => {
    const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
    const headers = { ...authorization, 'content-type': 'application/json' };
    const response = await reach(url, path, { ...init, headers });
    if (!response.ok) throw await refusal(`${init.method} ${path}`, response);
    return schema.parse(await response.json());
  };
  return {
    url,
    accessToken,
    get: (path, schema) => call(path, { method: 'GET' }, schema),
    post: (path, body, schema) => call(path, { method: 'POST', body: JSON.stringify(body) }, schema),
  };
}

const Readiness = z.object({
  status: z.enum(['ready', 'unavailable']),
  checks: z.record(z.string(), z.object({ ok: z.boolean() })),
});

/** Throws DemoError unless a system that is ready answers at this address. */
export async function requireReadySystem(url: string): Promise<void> {
  const response = await reach(url, '/readyz', {});
  const readiness = Readiness.safeParse(await response.json().catch(() => undefined));
  if (!readiness.success) throw new DemoError(`What answers at ${url} is not WorkSynapse.`);
  const { status, checks } = readiness.data;
  if (status === 'ready') return;
  const missing = Object.keys(checks).filter((name) => !checks[name]?.ok);
  throw new DemoError(`WorkSynapse at ${url} is not ready: ${missing.join(', ')} does not answer.`);
}

async function reach(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) });
  } catch (cause) {
    throw new DemoError(
      `Nothing answers at ${url}. Run npm start in another terminal, with the same PORT, then npm run demo.`,
      { cause },
    );
  }
}

/** What the answer to a refused request says. */
export async function refusal(request: string, response: Response): Promise<DemoError> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  const reason = problem.success ? `${problem.data.code}: ${problem.data.detail}` : 'without a reason';
  return new DemoError(`${request} was refused with ${response.status}, ${reason}`);
}
