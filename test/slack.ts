import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { testToken } from './builders/build-connection.js';
import { onTestsEnd } from './closing.js';
import { type HoldingProxy, startHoldingProxy } from './holding-proxy.js';

export interface TestSlack {
  server: SlackServer;
  proxy: HoldingProxy;
  /** The Web API's address for connections; leads through the proxy. */
  apiUrl: string;
}

/** A local Slack workspace whose answers can be held back. Accepts `testToken`. */
export async function openTestSlack(): Promise<TestSlack> {
  const server = await startSlackServer({ token: testToken });
  onTestsEnd(() => server.close());
  const proxy = await startHoldingProxy(new URL(server.url).origin);
  return { server, proxy, apiUrl: `${proxy.origin}/api/` };
}
