import { defineConnector } from '#core/connector.js';
import { HttpConfig, type HttpContext, HttpSecret } from './connection.js';
import { authorizationOf } from './credentials.js';
import { sendRequest } from './request.js';
import { statusError } from './status-error.js';

export const http = defineConnector({
  name: 'http',
  title: 'HTTP',
  description:
    'Any HTTP API on the internet: every method, body and kind of credentials, page by page if wanted.',
  config: HttpConfig,
  auth: { kind: 'token', secret: HttpSecret },
  actions: [sendRequest],
  triggers: [],
  test: testConnection,
});

/**
 * Asks for the base address with the credentials. Whatever it answers shows that they are not refused, but 401, 403
 * and what says that the other side is out of order. Without a base address there is nothing to try.
 */
async function testConnection({ config, secret, fetch, signal }: HttpContext): Promise<{ account: string }> {
  const user = secret?.scheme === 'basic' ? `${secret.username} at ` : '';
  if (config.baseUrl === undefined) return { account: `${user}any address` };
  const url = new URL(config.baseUrl);
  const { url: authorize, headers } = authorizationOf(secret);
  const response = await fetch(authorize(url), { headers, signal });
  const { status } = response;
  if (status === 401 || status === 403 || status >= 500) {
    const retryOnStatus = status >= 500 ? [status] : [];
    const failed = { status, headers: response.headers, host: url.host, text: '' };
    throw statusError(failed, { retryOnStatus, hasConnection: true });
  }
  return { account: user + url.host };
}
