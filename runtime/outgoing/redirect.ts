import { type OutgoingRequest, parseOutgoingUrl } from './outgoing-request.js';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * What may go to another origin. The Fetch standard drops Authorization and Cookie only; but a vendor's key travels in
 * a header of any name, so whatever is not on this list is taken for a secret of the origin that it was meant for.
 */
const headersForAnyOrigin = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-language',
  'content-type',
  'prefer',
  'range',
  'user-agent',
]);

/**
 * The request that a redirect asks for, or undefined when the response is not one.
 * Follows the Fetch standard, "HTTP-redirect fetch". Throws `validation` for a target that must not be called.
 */
export function redirectedRequest(request: OutgoingRequest, response: Response): OutgoingRequest | undefined {
  const location = response.headers.get('location');
  if (location === null || !redirectStatuses.has(response.status)) return undefined;
  const url = parseOutgoingUrl(location, request.url);
  const headers = { ...request.headers };
  if (url.origin !== request.url.origin) {
    for (const name of Object.keys(headers)) if (!headersForAnyOrigin.has(name)) delete headers[name];
  }
  if (!becomesGet(request.method, response.status)) return { ...request, url, headers };
  for (const name of Object.keys(headers)) if (name.startsWith('content-')) delete headers[name];
  return { ...request, url, headers, method: 'GET', body: null };
}

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
