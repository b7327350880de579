import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../client/schema.js';
import { readProblem, toApiError } from './api-error.js';
import { accessToken, renewSession } from './session.js';

/**
 * The API, typed by its OpenAPI document. A call that fails throws an ApiError. Calls that change something carry an
 * idempotency key, so that repeating one after a lost answer does nothing twice.
 */
export const api = createClient<paths>({ ...options(), fetch: send });

/** For calls whose input or output is a secret, which take no idempotency key. */
export const secretApi = createClient<paths>({ ...options(), fetch: send });

/** Lists in a query string have commas between. */
function options() {
  return {
    baseUrl: location.origin,
    querySerializer: { array: { style: 'form', explode: false } },
  } as const;
}

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await readProblem(response);
  },
  onError: ({ error }) => toApiError(error),
};

const addKey: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('idempotency-key', crypto.randomUUID());
  },
};

api.use(throwProblems, addKey);
secretApi.use(throwProblems);

/** What a call gives; errors are thrown by then. */
export async function result<Data>(call: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await call;
  // An answer without content is undefined, and typed so.
  return data as Data;
}

/** Sends a request as the person who is signed in; once more with a new access token if the one it had is refused. */
export async function send(request: Request): Promise<Response> {
  const token = await accessToken();
  if (token === undefined) return fetch(request);
  const again = request.clone();
  request.headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(request);
  if (response.status !== 401) return response;
  const renewed = await renewSession(token).then(accessToken, () => undefined);
  if (renewed === undefined) return response;
  again.headers.set('authorization', `Bearer ${renewed}`);
  return fetch(again);
}
