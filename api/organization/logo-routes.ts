import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { AdmitRequest } from '../admit-request.js';
import type { ApiApp } from '../api-app.js';
import { discardRest, readBody } from '../body/read-body.js';
import { callOptions } from '../call-options.js';
import { contextOf } from '../request-context.js';

const path = '/organization/logo';
/** Bytes; what the action takes. */
const maxBytes = 1024 * 1024;

const Image = z.object({ contentType: z.string(), content: z.string() });

/**
 * The organization's logo below /v1, as the bytes of an image: put through `organization.set_logo`, got through
 * `organization.get_logo`. What is sent is never more than an image: its type is that of its bytes, and no browser may
 * take it for anything else.
 */
export function createLogoRoutes(app: ApiApp, admit: AdmitRequest): Router {
  const router = Router({ caseSensitive: true });
  const { actions } = app.services.catalogue;
  if (actions.has('organization.set_logo'))
    router.put(path, putLogo(app, admit)).get(path, sendLogo(app, admit));
  return router;
}

function putLogo(app: ApiApp, admit: AdmitRequest): RequestHandler {
  return async (request, response) => {
    Object.assign(contextOf(request), { route: `/v1${path}`, action: 'organization.set_logo' });
    const caller = await admit(request, response, 'write');
    const bytes = await readBody(request, maxBytes).catch((error: unknown) => {
      discardRest(request);
      throw error;
    });
    const input = { content: bytes.toString('base64') };
    response.json(await app.perform(caller, 'organization.set_logo', input, callOptions(request)));
  };
}

function sendLogo(app: ApiApp, admit: AdmitRequest): RequestHandler {
  return async (request, response) => {
    Object.assign(contextOf(request), { route: `/v1${path}`, action: 'organization.get_logo' });
    const caller = await admit(request, response, 'read');
    const found = await app.perform(caller, 'organization.get_logo', {}, callOptions(request));
    const { contentType, content } = Image.parse(found);
    response
      .set({
        'Content-Type': contentType,
        'Content-Disposition': 'inline; filename="logo"',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
      })
      .send(Buffer.from(content, 'base64'));
  };
}
