import assert from 'node:assert/strict';
import { z } from 'zod';
import { errorTable } from '#core/errors.js';
import { type ServedSystem, servedSystem } from '../ingress/served-system.js';
import { type BusyOrganization, buildBusyOrganization } from './build-busy-organization.js';
import { type ForeignCall, foreignCalls } from './foreign-ids.js';

const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
});
const Items = z.looseObject({ items: z.array(z.looseObject({ id: z.string().optional() })) });

interface Route {
  method: string;
  path: string;
  operation: string;
}

interface Answer {
  status: number;
  text: string;
}

const browserSignIn =
  'The way of one browser, before an organization is known; states are tried in test/sign-in';
const byScimToken = 'By the actions scim.*, of which every id is tried, and a token of one organization';
const describesScim = 'Shows nothing of any organization';

/** Where an id of another organization is not that of an action's input: which answer is right, or why none can be asked for. */
const otherRoutes: Readonly<
  Record<string, string | { path(other: BusyOrganization): string; status: number }>
> = {
  'post /hooks/{provider}/{key}': 'A key is a secret; a bent one is tried in actions.test.ts',
  'get /forms/{key}': 'As for hooks',
  'post /forms/{key}': 'As for hooks',
  'get /approvals/{token}': 'The token is signed, and names organization and person',
  'post /approvals/{token}': 'The token is signed, and names organization and person',
  'get /v1/organization/logo': 'Takes no id: the logo is that of the own organization',
  'put /v1/organization/logo': 'Takes no id: the logo is that of the own organization',
  'get /v1/sign-in/{provider}/start': browserSignIn,
  'post /v1/sign-in/{provider}/link': browserSignIn,
  'get /v1/sign-in/callback': browserSignIn,
  'get /v1/sign-in/finish': browserSignIn,
  'get /saml/{connection}/metadata': browserSignIn,
  'post /saml/{connection}/acs': browserSignIn,
  'get /scim/v2/ServiceProviderConfig': describesScim,
  'get /scim/v2/ResourceTypes': describesScim,
  'get /scim/v2/ResourceTypes/{id}': describesScim,
  'get /scim/v2/Schemas': describesScim,
  'get /scim/v2/Schemas/{id}': describesScim,
  'get /scim/v2/Users': byScimToken,
  'post /scim/v2/Users': byScimToken,
  'get /scim/v2/Users/{id}': byScimToken,
  'put /scim/v2/Users/{id}': byScimToken,
  'patch /scim/v2/Users/{id}': byScimToken,
  'delete /scim/v2/Users/{id}': byScimToken,
  'get /scim/v2/Groups': byScimToken,
  'post /scim/v2/Groups': byScimToken,
  'get /scim/v2/Groups/{id}': byScimToken,
  'put /scim/v2/Groups/{id}': byScimToken,
  'patch /scim/v2/Groups/{id}': byScimToken,
  'delete /scim/v2/Groups/{id}': byScimToken,
  'get /healthz': 'Shows nothing of any organization',
  'get /readyz': 'Shows nothing of any organization',
  'get /v1/agent-runs/{id}/events': {
    path: ({ agentRunId }) => `/v1/agent-runs/${agentRunId}/events`,
    status: 404,
  },
  'get /v1/runs/{id}/events': { path: ({ runId }) => `/v1/runs/${runId}/events`, status: 404 },
  'get /v1/audit/exports/{id}/file': {
    path: ({ exportId }) => `/v1/audit/exports/${exportId}/file`,
    status: 404,
  },
  'get /v1/audit/archives/{lastPosition}/file': { path: () => '/v1/audit/archives/1/file', status: 404 },
  'post /v1/actions/http.request': 'Takes no connection by this address',
};

describe('a route of the API, asked for what belongs to another organization', () => {
  let system: ServedSystem;
  let own: BusyOrganization;
  let other: BusyOrganization;
  /** Makes rows whose ids are those of the other organization, which therefore are its own afterwards. */
  let twin: BusyOrganization;
  let routes: Route[];

  before(async () => {
    system = await servedSystem();
    const { app } = system;
    [own, other, twin] = await Promise.all([
      buildBusyOrganization(app),
      buildBusyOrganization(app),
      buildBusyOrganization(app),
    ]);
    routes = await readRoutes(system.address);
    assert.ok(routes.length > 50);
  });

  it('is of an action whose every id is tried, or has a place among the others', () => {
    const { actions } = system.app.services.catalogue;
    const unknown = routes.filter(
      (route) => !actions.has(route.operation) && !(nameOf(route) in otherRoutes),
    );
    assert.deepEqual(unknown.map(nameOf), []);
    const served = new Set(routes.map(nameOf));
    assert.deepEqual(
      Object.keys(otherRoutes).filter((name) => !served.has(name)),
      [],
      'and no place is left over',
    );
  });

  it('gives the answer that is right for each id, and nothing of the other organization', async () => {
    const marks = marksOf(other);
    for (const [name, call] of Object.entries(foreignCalls)) {
      const [operation = ''] = name.split(' ');
      const route = routes.find((candidate) => candidate.operation === operation);
      // Not served over HTTP, or without a credential that could be of an organization.
      if (!route || operation.startsWith('identity.')) continue;
      const asking = call.outcome === 'a row of its own' ? twin : own;
      const input = call.input(other, asking);
      const answer = await ask(route, input, asking);
      assertOutcome(`${nameOf(route)} (${name})`, answer, call.outcome);
      assertSilent(`${nameOf(route)} (${name})`, answer, marks, input);
    }
  });

  it('shows nothing of the other organization when it is asked for no id', async () => {
    const marks = marksOf(other);
    const lists = routes.filter(({ method, path }) => method === 'get' && !path.includes('{'));
    for (const route of lists.filter(({ operation }) =>
      system.app.services.catalogue.actions.has(operation),
    )) {
      const answer = await ask(route, {});
      const expected = route.path.startsWith('/v1/platform/') ? [403] : [200, 422];
      assert.ok(expected.includes(answer.status), `${nameOf(route)}: ${answer.text}`);
      assertSilent(nameOf(route), answer, marks, {});
    }
  });

  it('is refused the other connection in the address of every action of an app', async () => {
    const ofApps = routes.filter(({ path }) => path.startsWith('/v1/connections/{connectionId}/actions/'));
    assert.ok(ofApps.length > 3);
    for (const route of ofApps) {
      const answer = await ask(route, { connectionId: other.connectionId });
      assert.equal(answer.status, errorTable.validation.status, `${nameOf(route)}: ${answer.text}`);
    }
  });

  it('gives the answer that is right where the id is not that of an action', async () => {
    for (const [name, expected] of Object.entries(otherRoutes)) {
      if (typeof expected === 'string') continue;
      const [method = ''] = name.split(' ');
      const answer = await send(method, expected.path(other), { ...(method !== 'get' && { body: {} }) });
      assert.equal(answer.status, expected.status, `${name}: ${answer.text}`);
      assertSilent(name, answer, marksOf(other), { ...other });
    }
  });

  /** Fills the path's parameters from the input; what is left goes into the query or the body. */
  async function ask({ method, path }: Route, input: object, asking = own): Promise<Answer> {
    const rest = new Map(Object.entries(input));
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = rest.get(name);
      rest.delete(name);
      return encodeURIComponent(String(value ?? 1));
    });
    if (method !== 'get' && method !== 'delete') {
      return send(method, filled, { asking, body: Object.fromEntries(rest) });
    }
    const query = new URLSearchParams(
      Object.fromEntries([...rest].map(([name, value]) => [name, String(value)])),
    );
    return send(method, `${filled}?${query}`, { asking });
  }

  async function send(
    method: string,
    path: string,
    { asking = own, body }: { asking?: BusyOrganization; body?: object },
  ): Promise<Answer> {
    const token = await system.app.services.accessTokens.issue(asking.caller);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${system.address}${path}`, {
      method: method.toUpperCase(),
      headers,
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  }

  function assertOutcome(name: string, { status, text }: Answer, outcome: ForeignCall['outcome']): void {
    if (outcome === 'an empty list') assert.deepEqual(Items.parse(JSON.parse(text)).items, [], name);
    else if (outcome === 'nothing ended') assert.deepEqual(JSON.parse(text), { ended: 0 }, name);
    else if (outcome === 'own rows only' || outcome === 'nothing')
      assert.equal(status, 200, `${name}: ${text}`);
    else if (outcome === 'a row of its own') assert.equal(status, 201, `${name}: ${text}`);
    else assert.equal(status, errorTable[outcome].status, `${name}: ${text}`);
  }
});

async function readRoutes(address: string): Promise<Route[]> {
  const response = await fetch(`${address}/openapi.json`);
  const { paths } = Document.parse(await response.json());
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => ({ method, path, operation: operationId })),
  );
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** Ids that only the other organization knows. */
function marksOf({ caller: _, ...ids }: BusyOrganization): string[] {
  return Object.values(ids);
}

/** What was sent may come back, in an error that names it. */
function assertSilent(name: string, { text }: Answer, marks: readonly string[], sent: object): void {
  const known = JSON.stringify(sent);
  const told = marks.filter((mark) => !known.includes(mark) && text.includes(mark));
  assert.deepEqual(told, [], `${name} tells of another organization`);
}
