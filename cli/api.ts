import { z } from 'zod';
import { CliError } from './cli-error.js';
import type { Settings } from './settings.js';

/** The HTTP API, as the owner of the key sees it. Calls throw CliError when they are refused or nothing answers. */
export interface Api {
  url: string;
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.output<Schema>>;
  /** Opens a stream of server-sent events. Throws RetryLater where another attempt may succeed. */
  open(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** Nothing answered, or it said that it can't right now. */
export class RetryLater extends CliError {}

const Problem = z.object({
  status: z.number(),
  detail: z.string(),
  issues: z
    .array(z.object({ path: z.string(), message: z.string(), node: z.string().exactOptional() }))
    .default([]),
});

/** How long an ordinary call may take. */
const callLimitMs = 60_000;

export function createApi({ url, apiKey }: Settings): Api {
  const request = async (path: string, init: RequestInit) => {
    const response = await reach(url, path, {
      ...init,
      redirect: 'manual',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...init.headers },
    });
    if (!response.ok) throw await refusal(url, response);
    return response;
  };
  const call = async <Schema extends z.ZodType>(path: string, init: RequestInit, schema: Schema) => {
    const response = await request(path, { ...init, signal: AbortSignal.timeout(callLimitMs) });
    const answer = schema.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    throw new CliError(`What answers at ${url} is not WorkSynapse, or another version of it.`);
  };
  return {
    url,
    get: (path, schema) => call(path, { method: 'GET' }, schema),
    post: (path, body, schema) => call(path, { method: 'POST', body: JSON.stringify(body) }, schema),
    async open(path, signal) {
      const response = await request(path, { headers: { accept: 'text/event-stream' }, signal });
      if (!response.body) throw new RetryLater('The stream has no content.');
      return response.body;
    },
  };
}

async function reach(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, init);
  } catch (error) {
    if (init.signal?.aborted && error instanceof Error && error.name === 'TimeoutError') {
      throw new RetryLater(`${url} did not answer within ${callLimitMs / 1000} s.`);
    }
    throw new RetryLater(`Nothing answers at ${url}. Is the system running, and is WORKSYNAPSE_URL right?`);
  }
}

async function refusal(url: string, response: Response): Promise<CliError> {
  const location = response.headers.get('location');
  if (location !== null) return new CliError(`${url} has moved to ${location}: set WORKSYNAPSE_URL to that.`);
  const problem = Problem.safeParse(await response.json().catch(() => undefined)).data;
  const isPassing = response.status === 429 || response.status >= 500;
  const Kind = isPassing ? RetryLater : CliError;
  if (!problem) return new Kind(`${url} answered with status ${response.status}; is it WorkSynapse?`);
  return new Kind(sentence(problem.detail), { issues: problem.issues });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
