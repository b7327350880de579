import { type RequestHandler, type Response, Router } from 'express';
import type { ActionDescription, HttpRoute } from '#core/action.js';
import { connectedPath, plainPath } from '#core/connector-paths.js';
import { AppError } from '#core/errors.js';
import { publicUrl } from '#runtime/configuration.js';
import { readActionInput, readObjectBody } from './action-input.js';
import type { AdmitRequest } from './admit-request.js';
import type { ApiApp } from './api-app.js';
import { callOptions } from './call-options.js';
import { type CookieDoor, createCookieDoor } from './cookie-door.js';
import { inputFields } from './openapi/json-schema.js';
import { contextOf } from './request-context.js';
import type { SignInLimit } from './sign-in-limit.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An action that the API serves, and where below /v1. */
export type RoutedAction = ActionDescription & { http: HttpRoute };

/** How requests are let in: with a credential, or to sign in. */
export interface RouteDoors {
  admit: AdmitRequest;
  limitSignIn: SignInLimit;
}

/** Derives the REST API from the catalogue. To be mounted under /v1, behind the JSON parser. */
export function createActionRoutes(app: ApiApp, doors: RouteDoors): Router {
  const door = createCookieDoor(publicUrl(app.services.configuration));
  const router = Router({ caseSensitive: true });
  for (const action of routedActions(app.services.catalogue.actions.values())) {
    router[action.http.method](action.http.path, serveAction(app, action, { ...doors, door }));
  }
  router.post(connectedPath, serveConnectorAction(app, connectedPath, doors.admit));
  router.post(plainPath, serveConnectorAction(app, plainPath, doors.admit));
  return router;
}

/** The actions that have a route, literal segments before parameters, so that `/tasks/mine` is not taken for an id. */
export function routedActions(actions: Iterable<ActionDescription>): RoutedAction[] {
  const routed = [...actions].filter((action): action is RoutedAction => action.http !== undefined);
  const rank = ({ http }: RoutedAction) => http.path.replaceAll(/\/:/g, '/\uffff');
  return routed.sort((a, b) => Number(rank(a) > rank(b)) - Number(rank(a) < rank(b)));
}

interface Guards extends RouteDoors {
  door: CookieDoor;
}

function serveAction(
  app: ApiApp,
  action: RoutedAction,
  { admit, limitSignIn, door }: Guards,
): RequestHandler {
  const takesVersion = inputFields(action.input).has('version');
  const isPublic = action.permission === 'public';
  return async (request, response) => {
    const context = contextOf(request);
    context.action = action.name;
    context.route = `/v1${action.http.path}`;
    // A public action takes no credential, so an expired one must not stand in the way of logging in.
    const caller = isPublic
      ? ({ kind: 'anonymous' } as const)
      : await admit(request, response, action.effect);
    const input = readActionInput(request, action.http, takesVersion);
    const output = await door.pass(request, response, action, async (cookies) => {
      if ((isPublic && action.http.method !== 'get') || action.isGuessable)
        await limitSignIn(request, action);
      const options = { ...callOptions(request), cookies };
      return app.perform(caller, action.name, input, options);
    });
    sendOutput(response, output, action.http.status ?? 200);
  };
}

function serveConnectorAction(app: ApiApp, path: string, admit: AdmitRequest): RequestHandler {
  const isConnected = path === connectedPath;
  return async (request, response) => {
    const context = contextOf(request);
    context.route = `/v1${path}`;
    const { connectionId, action: name } = request.params;
    const action = typeof name === 'string' ? app.services.catalogue.actions.get(name) : undefined;
    if (action?.kind !== 'connector' || action.connection === (isConnected ? 'none' : 'required')) {
      throw noSuchAction();
    }
    if (isConnected && !(typeof connectionId === 'string' && uuid.test(connectionId))) throw noSuchAction();
    context.action = action.name;
    const caller = await admit(request, response, action.effect);
    const options = {
      ...callOptions(request),
      ...(typeof connectionId === 'string' && { connectionId }),
    };
    sendOutput(response, await app.perform(caller, action.name, readObjectBody(request), options), 200);
  };
}

function noSuchAction(): AppError {
  return new AppError('not_found', 'There is no such connection or action');
}

function sendOutput(response: Response, output: unknown, status: number): void {
  if (status === 204) {
    response.status(204).end();
    return;
  }
  const version = versionIn(output);
  if (version !== undefined) response.setHeader('ETag', `"${version}"`);
  response.status(status).json(output ?? null);
}

function versionIn(output: unknown): number | undefined {
  if (typeof output !== 'object' || output === null || !('version' in output)) return undefined;
  return typeof output.version === 'number' ? output.version : undefined;
}
