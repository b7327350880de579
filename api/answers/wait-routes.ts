import { Router } from 'express';
import { z } from 'zod';
import { readActionInput } from '../action-input.js';
import type { AdmitRequest } from '../admit-request.js';
import type { ApiApp } from '../api-app.js';
import { callOptions } from '../call-options.js';
import { contextOf } from '../request-context.js';
import type { Waiting } from './waiting.js';

const Waits = z.object({ wait: z.literal(true) });
const Started = z.object({ id: z.uuid() });
const defaultSeconds = 30;

/** `automations.run` with `wait`: the same action, whose run is waited for. To be mounted before the actions' routes. */
export function createWaitRoutes(app: ApiApp, waiting: Waiting, admit: AdmitRequest): Router {
  const router = Router({ caseSensitive: true });
  const action = app.services.catalogue.actions.get('automations.run');
  const http = action?.http;
  if (!action || !http) return router;
  router.post(http.path, async (request, response, next) => {
    if (!Waits.safeParse(request.body).success) return next();
    Object.assign(contextOf(request), { action: action.name, route: `/v1${http.path}` });
    const caller = await admit(request, response, action.effect);
    const orgId = caller.kind === 'anonymous' ? '' : caller.orgId;
    const release = waiting.take(orgId);
    try {
      const input = readActionInput(request, http, false);
      const options = callOptions(request);
      const { id: runId } = Started.parse(await app.perform(caller, action.name, input, options));
      const seconds = typeof input.timeout === 'number' ? input.timeout : defaultSeconds;
      await waiting.answer(request, response, { orgId, runId, timeoutMs: seconds * 1_000 });
    } finally {
      release();
    }
  });
  return router;
}
