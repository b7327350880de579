import assert from 'node:assert/strict';
import { Router } from 'express';
import { catalogue } from '#app.js';
import { createServer } from '../server.js';
import { memoryApp } from '../testing/memory-app.js';
import { createOpenApiDocument } from './document.js';
import { asObject } from './json-schema.js';

/** Routes that are not in the document, and why. */
const undocumented: Readonly<Record<string, string>> = {
  'post /v1/connections/:connectionId/actions/:action': 'Described for each action of an app',
  'post /v1/actions/:action': 'Described for each action of an app',
  '_all /hooks/:provider/:key{/*path}': 'Described as a POST, which says what else is taken',
  'get /metrics': 'For the operator: its format is that of Prometheus',
  'get /openapi.json': 'The document itself',
  'get /docs': 'Shows the document',
  'get /docs/start.js': 'Shows the document',
  'get /docs/swagger-ui.css': 'Shows the document',
  'get /docs/swagger-ui-bundle.js': 'Shows the document',
  'get /{*path}': 'The web app, for people',
  'get /assets/page.css': 'Of pages for people',
  'get /assets/form.css': 'Of pages for people',
  'get /problems/:code': 'A page for people: it explains an error code',
  'get /forms/:key/thanks': 'A page for people: where the form leads when it was sent',
  'post /mcp': 'The Model Context Protocol, which describes itself to its clients',
  '_all /mcp': 'Refuses other methods than POST',
  'get /.well-known/oauth-protected-resource/mcp': 'For clients of the Model Context Protocol (RFC 9728)',
  'get /downloads/:token': 'A link that an action gives, opened by a browser',
};

describe('the routes that Express serves', () => {
  let served: string[];
  before(async () => {
    const app = await memoryApp();
    served = listRoutes(() => createServer({ ...app, services: { ...app.services, catalogue } }));
  });

  it('are found, in routers within routers', () => {
    for (const route of [
      'get /v1/tasks/:id',
      'patch /scim/v2/Users/:id',
      'post /saml/:connection/acs',
      'get /v1/sign-in/callback',
    ]) {
      assert.ok(served.includes(route), route);
    }
  });

  it('are all in the document, or have a reason not to be', () => {
    const { paths } = createOpenApiDocument(catalogue, '1');
    const documented = new Set(
      Object.entries(asObject(paths)).flatMap(([path, item]) =>
        Object.keys(asObject(item)).map((method) => nameless(`${method} ${path.replace(/\{\w+\}/g, ':x')}`)),
      ),
    );
    const missing = served.filter(
      (route) => !documented.has(nameless(route)) && undocumented[route] === undefined,
    );
    assert.deepEqual(missing, []);
    const needless = Object.keys(undocumented).filter(
      (route) => documented.has(nameless(route)) || !served.includes(route),
    );
    assert.deepEqual(needless, []);
  });
});

/** Names of parameters do not tell two routes apart. */
function nameless(route: string): string {
  return route.replace(/:\w+/g, ':x');
}

interface Layer {
  route?: { path: unknown; methods: Record<string, boolean> };
  handle: unknown;
}

/** `method path` of every route of the server that `create` makes. A router does not keep where it is mounted, so that is noted. */
function listRoutes(create: () => { router: unknown }): string[] {
  const mounts = new Map<unknown, string>();
  const use = Router.prototype.use;
  Router.prototype.use = function (this: unknown, ...parts: unknown[]) {
    const [path] = parts;
    const prefix = typeof path === 'string' && path !== '/' ? path : '';
    for (const part of parts.flat(3)) if (typeof part === 'function') mounts.set(part, prefix);
    return use.apply(this as never, parts as never);
  };
  try {
    return routesOf(create().router, '', mounts);
  } finally {
    Router.prototype.use = use;
  }
}

function routesOf(router: unknown, prefix: string, mounts: ReadonlyMap<unknown, string>): string[] {
  const { stack = [] } = router as { stack?: Layer[] };
  return stack.flatMap(({ route, handle }) => {
    if (!route) return routesOf(handle, `${prefix}${mounts.get(handle) ?? ''}`, mounts);
    const paths = [route.path].flat().map(String);
    return paths.flatMap((path) =>
      Object.keys(route.methods).map(
        (method) => `${method} ${prefix}${path === '/' && prefix !== '' ? '' : path}`,
      ),
    );
  });
}
