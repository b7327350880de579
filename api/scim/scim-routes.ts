import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { Effect } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import type { CountRequest } from '../admit-request.js';
import type { ApiApp } from '../api-app.js';
import { checkJson } from '../check-json.js';
import { originOf } from '../client-network.js';
import { maxJsonBodySize } from '../json-body.js';
import { mediaTypeOf } from '../media-type.js';
import { contextOf } from '../request-context.js';
import { resourceTypes, schemas, serviceProviderConfig } from './scim-descriptions.js';
import { createScimErrorHandler, scimMediaType } from './scim-error.js';

const List = z.object({ total: z.int(), startIndex: z.int(), items: z.array(z.unknown()) });
const Located = z.looseObject({ meta: z.looseObject({ location: z.string() }) });
const Patch = z.object({ Operations: z.unknown() });
const Body = z.record(z.string(), z.unknown());
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Collection {
  path: '/Users' | '/Groups';
  /** Second part of the names of its actions: `scim.create_user`. */
  noun: 'user' | 'group';
}

/**
 * SCIM 2.0 (RFC 7643, RFC 7644) for identity providers, below /scim/v2. It translates: paths to actions, their outputs
 * to lists and resources, errors to SCIM's form. Who calls is said by a SCIM token alone.
 */
export function createScimRoutes(app: ApiApp, count: CountRequest): Router {
  const base = `${publicUrl(app.services.configuration)}/scim/v2`;
  const router = Router({ caseSensitive: true });
  router.use(admit(app, count), ...readScimBody);
  router.get('/ServiceProviderConfig', (_request, response) =>
    send(response, 200, serviceProviderConfig(base)),
  );
  describeEach(router, '/ResourceTypes', resourceTypes(base));
  describeEach(router, '/Schemas', schemas(base));
  serveCollection(app, router, { path: '/Users', noun: 'user' });
  serveCollection(app, router, { path: '/Groups', noun: 'group' });
  router.use((request) => {
    throw new AppError('not_found', `There is nothing at ${request.method} ${request.path}`);
  });
  router.use(createScimErrorHandler(app.services.logger));
  return router;
}

function serveCollection(app: ApiApp, router: Router, { path, noun }: Collection): void {
  router.get(path, async (request, response) => {
    const { excludedAttributes, ...query } = queryOf(request);
    const isExcluded = noun === 'group' && /(^|,)\s*members\s*(,|$)/i.test(excludedAttributes ?? '');
    const input = {
      ...pick(query, ['filter', 'startIndex', 'count']),
      ...(isExcluded && { hasMembers: false }),
    };
    sendList(response, List.parse(await perform(app, request, `scim.list_${noun}s`, input)));
  });
  router.post(path, async (request, response) => {
    const made = Located.parse(await perform(app, request, `scim.create_${noun}`, bodyOf(request)));
    response.setHeader('Location', made.meta.location);
    send(response, 201, made);
  });
  router.get(`${path}/:id`, async (request, response) => {
    send(response, 200, await perform(app, request, `scim.get_${noun}`, { id: idOf(request) }));
  });
  router.put(`${path}/:id`, async (request, response) => {
    const input = { ...bodyOf(request), id: idOf(request) };
    send(response, 200, await perform(app, request, `scim.replace_${noun}`, input));
  });
  router.patch(`${path}/:id`, async (request, response) => {
    const { Operations: operations } = Patch.parse(bodyOf(request));
    const input = { id: idOf(request), operations };
    send(response, 200, await perform(app, request, `scim.patch_${noun}`, input));
  });
  router.delete(`${path}/:id`, async (request, response) => {
    await perform(app, request, `scim.delete_${noun}`, { id: idOf(request) });
    response.status(204).end();
  });
}

function perform(app: ApiApp, request: Request, action: string, input: object): Promise<unknown> {
  const context = contextOf(request);
  Object.assign(context, { action, route: `/scim/v2${request.route?.path ?? ''}` });
  const { caller = { kind: 'anonymous' }, requestId } = context;
  checkJson(input);
  return app.perform(caller, action, input, { requestId, origin: originOf(request) });
}

function admit(app: ApiApp, count: CountRequest): RequestHandler {
  return async (request, response, next) => {
    const token = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined)
      throw new AppError('unauthenticated', 'Send "Authorization: Bearer <SCIM token>"');
    const caller = await app.resolveScimToken(token);
    contextOf(request).caller = caller;
    if (caller.kind !== 'anonymous') await count(caller, response, effectOf(request));
    next();
  };
}

/** The effect of the action that will serve it, as far as rates go. */
function effectOf({ method }: Request): Effect {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

const readScimBody: RequestHandler[] = [
  (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length')) > 0;
    if (hasBody && ![scimMediaType, 'application/json'].includes(mediaTypeOf(request))) {
      throw new AppError('unsupported_media_type', `Send the body as ${scimMediaType}`);
    }
    next();
  },
  express.json({ limit: maxJsonBodySize, type: () => true }),
];

/** Descriptions by id, and all of them as a list. */
function describeEach(router: Router, path: string, described: readonly { id: string }[]): void {
  router.get(path, (_request, response) =>
    sendList(response, { total: described.length, startIndex: 1, items: [...described] }),
  );
  router.get(`${path}/:id`, (request, response) => {
    const found = described.find(({ id }) => id === request.params.id);
    if (!found) throw new AppError('not_found', 'There is no such description');
    send(response, 200, found);
  });
}

function sendList(response: Response, { total, startIndex, items }: z.output<typeof List>): void {
  send(response, 200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: items.length,
    Resources: items,
  });
}

function send(response: Response, status: number, body: unknown): void {
  response.status(status).type(scimMediaType).send(JSON.stringify(body));
}

function bodyOf(request: Request): Record<string, unknown> {
  const body = Body.safeParse(request.body);
  if (!body.success) throw new AppError('malformed', 'The body must be a JSON object');
  return body.data;
}

/** What is no id can't be anybody's. */
function idOf(request: Request): string {
  const { id } = request.params;
  if (typeof id !== 'string' || !uuid.test(id)) throw new AppError('not_found', 'There is no such resource');
  return id;
}

function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.originalUrl.split('?')[1] ?? ''));
}

function pick(fields: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}
