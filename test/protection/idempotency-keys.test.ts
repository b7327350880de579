import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { createOpenApiDocument } from '#api/openapi/document.js';
import { asArray, asObject } from '#api/openapi/json-schema.js';
import { type ServedApp, serve } from '#api/testing/memory-app.js';
import { readJson } from '#api/testing/read-json.js';
import type { App } from '#app.js';
import { isOfPlatform } from '#core/action.js';
import { exampleId, exampleOfSchema } from '#core/automation/triggers/example-of-schema.js';
import { jsonSchemaOf } from '#core/expression/json-schema-types.js';
import { platformOrgId } from '#core/platform.js';
import { idempotencyKeys, publicCalls } from '#db/schema/index.js';
import { hashInput } from '#runtime/idempotency.js';
import { beginPublicCall, endPublicCall, publicSlot } from '#runtime/public-calls.js';
import { validate } from '#runtime/validate.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { type BuiltSuperUser, buildSuperUser } from '../builders/build-super-user.js';
import { openOwner } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

/** Inputs of actions for which no example can be made of the schema alone. */
const document = { format: 'worksynapse.automation', version: 1, automation: { name: 'A' } };
const challenge = 'c';
const code = '123456';
const inputs: Readonly<Record<string, Record<string, unknown>>> = {
  'identity.log_in': { email: 'ada@example.com', password: 'correct horse battery' },
  'identity.confirm': { password: 'correct horse battery' },
  'identity.verify_second_factor': { challenge, code },
  'identity.finish_enrollment': { challenge, code },
  'totp.confirm': { code },
  'audit.verify': {},
  'api_keys.create': { name: 'CI', scopes: ['tasks:read'] },
  'api_keys.update': { id: exampleId, name: 'CI' },
  'invites.accept': { token: 't', name: 'Ada', password: 'correct horse battery' },
  'invites.show': { token: 't' },
  'invites.join': { token: 't' },
  'organization.update_settings': { name: 'Acme' },
  'organization.add_domain': { domain: 'company.example' },
  'permissions.explain': { principal: { kind: 'user', id: exampleId }, permission: 'tasks:read' },
  'sso_connections.create': {
    name: 'Login',
    kind: 'oidc',
    issuer: 'https://login.example.com',
    clientId: 'c',
    domains: ['company.example'],
    defaultRoleId: exampleId,
  },
  'sso_connections.update': { id: exampleId, version: 1, name: 'Login' },
  'tasks.move': { id: exampleId, status: 'todo' },
  'automations.tell_presence': { id: exampleId, client: 'a-browser-tab', node: null },
  'automations.import': { document },
  'automations.check_import': { document },
  'automations.next_times': { id: exampleId },
  'slack.post_message': { channel: '#general', text: 'Hello' },
  'email.send': { to: ['a@example.com'], subject: 'S', text: 'T' },
  'http.request': { url: 'https://example.com/' },
};

const network = '127.0.0.1';
const keptOutput = { id: exampleId, note: 'the first result' };

interface UnsafeRoute {
  method: string;
  path: string;
  operation: Record<string, unknown>;
}

/** Routes that take a file as it is, or begin the way of one browser: each beginning is another. */
const others = new Set(['organization.send_logo', 'browser_sign_in.link']);

/** Every route below /v1 that changes something by an action's input, as OpenAPI describes it. */
function unsafeRoutes({ services }: App): UnsafeRoute[] {
  const { paths } = createOpenApiDocument(services.catalogue, '1');
  return Object.entries(asObject(paths))
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, item]) =>
      Object.entries(asObject(item))
        .filter(([method]) => method !== 'get')
        .map(([method, operation]) => ({ method, path, operation: asObject(operation) }))
        .filter(({ operation }) => !others.has(String(operation.operationId))),
    );
}

describe('idempotency keys', () => {
  let system: TestSystem;
  let app: App;
  let acme: BuiltOrganization;
  let sue: BuiltSuperUser;
  let server: ServedApp;
  /** Of Acme's owner, and of a super-user. */
  let tokens: { owner: string; superUser: string };
  before(async () => {
    system = await testSystem();
    ({ app } = system);
    [acme, sue] = await Promise.all([buildOrganization(app), buildSuperUser(app)]);
    tokens = { owner: acme.accessToken, superUser: await app.services.accessTokens.issue(sue.caller) };
    server = await serve(app, { limits: { signInsPerMinute: 1_000, refreshesPerMinute: 1_000 } });
  });
  after(() => server.close());

  function actionOf({ operation }: UnsafeRoute) {
    return app.services.catalogue.action(String(operation.operationId).replace(/\.plain$/, ''));
  }

  /** An input that the action takes. */
  function inputOf(route: UnsafeRoute): Record<string, unknown> {
    const action = actionOf(route);
    const made = exampleOfSchema(jsonSchemaOf(action.input, 'input'), Date.now() + 86_400_000);
    const input = inputs[action.name] ?? asObject(made);
    return isInOrganization(action) ? { ...input, organizationId: acme.orgId } : input;
  }

  function send(route: UnsafeRoute, input: Record<string, unknown>, key: string): Promise<Response> {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const place = (name: string) => encodeURIComponent(String(input[name] ?? exampleId));
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => place(name));
    const rest = Object.entries(input).filter(([name]) => !names.includes(name));
    const isDelete = route.method === 'delete';
    const query = new URLSearchParams(Object.fromEntries(rest.map(([name, value]) => [name, String(value)])));
    return fetch(`${server.url}${path}${isDelete ? `?${query}` : ''}`, {
      method: route.method.toUpperCase(),
      headers: {
        authorization: `Bearer ${isOfPlatform(actionOf(route).permission) ? tokens.superUser : tokens.owner}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        'sec-fetch-site': 'same-origin',
      },
      ...(isDelete ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }),
    });
  }

  /** Leaves what a first call with this key would have left. */
  async function leaveResult(route: UnsafeRoute, key: string, input: unknown): Promise<void> {
    const action = actionOf(route);
    const { vault, database } = app.services;
    if (action.permission === 'public') {
      const asked = action.cookies === 'uses' ? { input, session: null } : input;
      const call = { slot: publicSlot(network, key), action: action.name, input: asked };
      await beginPublicCall({ vault, database }, call);
      return endPublicCall({ vault, database }, call, { output: keptOutput, cookies: [] });
    }
    const orgId = isOfPlatform(action.permission) && !isInOrganization(action) ? platformOrgId : acme.orgId;
    const principal = isOfPlatform(action.permission) ? `super_user:${sue.userId}` : `user:${acme.userId}`;
    const output = { inline: keptOutput };
    const kept = { action: action.name, inputHash: hashInput(input), isFinished: true, output };
    await database.withOrg(orgId, (db) =>
      db.insert(idempotencyKeys).values({ orgId, principal, key, ...kept }),
    );
  }

  function isInOrganization(action: ReturnType<typeof actionOf>): boolean {
    return 'isInOrganization' in action && action.isInOrganization === true;
  }

  /** What is kept or hashed must be no secret; what comes before signing in is sealed. */
  const takesKey = (route: UnsafeRoute) => {
    const { permission, holdsSecret } = actionOf(route);
    return permission === 'public' || !holdsSecret;
  };

  it('are refused where input or output holds a secret', async () => {
    const routes = unsafeRoutes(app).filter((route) => !takesKey(route));
    assert.ok(routes.length > 0);
    for (const route of routes) {
      const refused = await send(route, inputOf(route), randomUUID());
      assert.equal(refused.status, 422, route.path);
      assert.match(JSON.stringify(await refused.json()), /Idempotency-Key/, route.path);
    }
  });

  it('are documented for every other route that changes something', () => {
    const routes = unsafeRoutes(app).filter(takesKey);
    assert.ok(routes.length > 50);
    for (const { method, path, operation } of routes) {
      const references = asArray(operation.parameters).map((entry) => asObject(entry).$ref);
      assert.ok(references.includes('#/components/parameters/IdempotencyKey'), `${method} ${path}`);
      assert.ok(Object.hasOwn(asObject(operation.responses), '409'), `${method} ${path}`);
    }
  });

  it('give the first result again on every such route, and refuse other input', async () => {
    for (const route of unsafeRoutes(app).filter(takesKey)) {
      const name = `${route.method} ${route.path}`;
      const input = inputOf(route);
      const parsed = validate(actionOf(route).input, input);
      const [same, other] = [randomUUID(), randomUUID()];
      await leaveResult(route, same, parsed);
      await leaveResult(route, other, { other: 'input' });

      const again = await send(route, input, same);
      assert.ok(again.status < 300, `${name}: ${again.status}`);
      if (again.status !== 204) assert.deepEqual(await again.json(), keptOutput, name);

      const refused = await send(route, input, other);
      assert.equal(refused.status, 422, name);
      assert.deepEqual(
        asArray((await readJson(refused)).issues).map((issue) => asObject(issue).path),
        ['Idempotency-Key'],
        name,
      );
    }
  });

  describe('of people who have not signed in', () => {
    const signUp = (key: string, name = 'Acme', url = server.url) => {
      const input = {
        organization: { name },
        name: 'O',
        email: `${key}@example.com`,
        password: 'correct horse battery',
      };
      return fetch(`${url}/v1/sign-up`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(input),
      });
    };

    it('make one organization of two sign-ups, and let both in', async () => {
      const key = randomUUID();
      const [first, second] = [await signUp(key), await signUp(key)];
      assert.deepEqual([first.status, second.status], [201, 201]);
      assert.deepEqual(await second.json(), await first.json());
      assert.equal((await signUp(key, 'Other')).status, 422);
    });

    it('make one organization of two clicks at once', async () => {
      const key = randomUUID();
      const statuses = (await Promise.all([signUp(key), signUp(key), signUp(key)])).map(
        ({ status }) => status,
      );
      assert.deepEqual(statuses.sort(), [201, 409, 409]);
    });

    it('belong to their network', async () => {
      const key = randomUUID();
      const proxied = await serve(app, { trustProxy: 1 });
      const input = { email: acme.email, password: acme.password };
      const logIn = (from: string, password = acme.password) =>
        fetch(`${proxied.url}/v1/log-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-forwarded-for': from },
          body: JSON.stringify({ ...input, password }),
        });
      assert.equal((await logIn('203.0.113.1')).status, 200);
      assert.equal((await logIn('203.0.113.2', 'wrong')).status, 401);
      assert.equal((await logIn('203.0.113.1', 'wrong')).status, 422);
      await proxied.close();
    });

    it('are free again after a call that failed', async () => {
      const key = randomUUID();
      const logIn = (password: string) =>
        fetch(`${server.url}/v1/log-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify({ email: acme.email, password }),
        });
      assert.equal((await logIn('wrong')).status, 401);
      assert.equal((await logIn(acme.password)).status, 200);
    });

    it('keep neither password nor session in the clear, and no hash of them', async () => {
      const key = randomUUID();
      const { accessToken } = await readJson(await signUp(key));
      const owner = openOwner(system.stack);
      const [row] = await owner`SELECT * FROM public_calls WHERE slot = ${publicSlot(network, key)}`;
      assert.match(String(row?.result), /^v1:/);
      assert.ok(!JSON.stringify(row).includes(String(accessToken)));
    });

    it('are kept for a day', async () => {
      const key = randomUUID();
      await signUp(key);
      const owner = openOwner(system.stack);
      await owner`UPDATE public_calls SET created_at = now() - interval '25 hours' WHERE slot = ${publicSlot(network, key)}`;
      assert.equal((await signUp(key)).status, 409);
      await signUp(randomUUID());
      const left = await owner`SELECT FROM public_calls WHERE created_at < now() - interval '1 day'`;
      assert.equal(left.length, 0);
    });

    it('are seen by nobody who does not name them', async () => {
      await signUp(randomUUID());
      const rows = await app.services.database.withOrg(acme.orgId, (db) =>
        db.select({ count: sql<number>`count(*)::integer` }).from(publicCalls),
      );
      assert.deepEqual(rows, [{ count: 0 }]);
    });
  });
});
