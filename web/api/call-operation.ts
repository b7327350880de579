import { readProblem, toApiError } from './api-error.js';
import { send } from './client.js';

/** Where an action of the catalogue is served. */
export interface ServedOperation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /v1, with `:name` for fields of the input. */
  path: string;
  /** It changes nothing, whatever its method is: nothing needs to be kept of it for a repetition. */
  isRead?: boolean;
}

/** Calls an operation that the catalogue describes: fields of its path go there, others into query or body. Throws ApiError. */
export async function callOperation(
  { method, path, isRead = method === 'get' }: ServedOperation,
  input: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<unknown> {
  const rest = { ...input };
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const url = new URL(`/v1${filled}`, location.origin);
  const hasBody = method !== 'get' && method !== 'delete';
  if (!hasBody) addQuery(url, rest);
  const request = new Request(url, {
    method: method.toUpperCase(),
    headers: {
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(!isRead && { 'idempotency-key': crypto.randomUUID() }),
    },
    ...(hasBody && { body: JSON.stringify(rest) }),
    ...(signal && { signal }),
  });
  const response = await send(request).catch((error: unknown) => {
    if (error instanceof DOMException) throw error;
    throw toApiError(error);
  });
  if (!response.ok) throw await readProblem(response);
  return response.status === 204 ? undefined : response.json();
}

function addQuery(url: URL, fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === '') continue;
    url.searchParams.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
}
