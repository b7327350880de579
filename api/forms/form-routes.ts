import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { AppError } from '#core/errors.js';
import type { FormHook } from '#runtime/deliveries.js';
import type { ApiApp } from '../api-app.js';
import { keepFile, requireRoomFor } from '../body/decode-body.js';
import { clientNetwork } from '../client-network.js';
import type { ConcurrencyLimit } from '../concurrency-limit.js';
import type { Metrics } from '../metrics.js';
import { asPage, guardPage, hostedStyles } from '../pages/hosted-page.js';
import { sendPage } from '../pages/page.js';
import { toAppError } from '../problem.js';
import { createRateLimit } from '../rate-limit.js';
import { contextOf } from '../request-context.js';
import type { Limits } from '../server-options.js';
import { formPage, formStyle, type ShownForm, thanksPage } from './form-page.js';
import { readSubmission } from './read-submission.js';

const formPath = '/forms/:key';
const provider = 'form';
const problems = { not_found: 'There is no such form, or it takes no answers any more.' };

export interface FormOptions {
  metrics: Pick<Metrics, 'hooksAccepted' | 'hooksRejected'>;
  limits: Pick<Limits, 'formsPerMinute' | 'formsPerFormPerMinute'>;
  fileBodies: ConcurrencyLimit;
}

/** The pages of automations with a form: without scripts, without cookies. What is sent becomes a delivery. */
export function createFormRoutes(app: ApiApp, { metrics, limits, fileBodies }: FormOptions): Router {
  const message = 'This form is sent too often; wait a little and send it again';
  const byNetwork = createRateLimit(limits.formsPerMinute, 60, message);
  const byForm = createRateLimit(limits.formsPerFormPerMinute, 60, message);
  const router = Router({ caseSensitive: true });
  router.get('/assets/form.css', (request, response) => {
    Object.assign(contextOf(request), { route: '/assets/form.css', isQuiet: true });
    response.setHeader('Cache-Control', 'public, max-age=300');
    response.type('css').send(formStyle);
  });
  router.use('/forms', (request, _response, next) => {
    Object.assign(contextOf(request), { route: formPath, hasSecretPath: true });
    next();
  });
  router.get(
    formPath,
    asPage(problems, async (request, response) => {
      const { input: form } = await findForm(app, request);
      showForm(response, 200, { form, token: randomUUID(), texts: new Map(), errors: new Map() });
    }),
  );
  router.get(
    `${formPath}/thanks`,
    asPage(problems, async (request, response) => {
      const { input: form } = await findForm(app, request);
      guard(response, form);
      sendPage(response, form.title, thanksPage(form), hostedStyles);
    }),
  );
  router.post(
    formPath,
    asPage(problems, async (request, response) => {
      try {
        refuseOtherSites(request);
        const hook = await findForm(app, request);
        await byNetwork.use(`${clientNetwork(request.ip)} ${hook.hookKey}`);
        await byForm.use(hook.hookKey);
        await take(app, metrics, { hook, request, response, fileBodies });
      } catch (error) {
        metrics.hooksRejected.inc({ provider, reason: toAppError(error).code });
        throw error;
      }
    }),
  );
  return router;
}

interface Sent {
  hook: FormHook;
  request: Request;
  response: Response;
  fileBodies: ConcurrencyLimit;
}

async function take(
  app: ApiApp,
  metrics: FormOptions['metrics'],
  { hook, request, response, fileBodies }: Sent,
): Promise<void> {
  const { orgId, hookKey, input: form } = hook;
  const submission = await readSubmission(request, form, () => fileBodies.take(orgId));
  const { values, files, errors, externalId, isTrapped } = submission;
  if (isTrapped) {
    metrics.hooksRejected.inc({ provider, reason: 'trap' });
    return sendOn(response, hook);
  }
  if (errors.size > 0) return showForm(response, 422, { form, ...submission });
  const store = app.services.files(orgId);
  await requireRoomFor(store, files);
  for (const file of files) await keepFile(store, file);
  const payload = { fields: values, submittedAt: new Date().toISOString() };
  await app.intake.accept({ orgId, provider, hookKey, externalId, triggers: [provider], payload });
  metrics.hooksAccepted.inc({ provider });
  sendOn(response, hook);
}

/** To the page afterwards by GET, so that loading it again sends nothing. */
function sendOn(response: Response, { hookKey, input: form }: FormHook): void {
  guard(response, form);
  const { afterwards } = form;
  response.redirect(303, 'redirect' in afterwards ? afterwards.redirect : `/forms/${hookKey}/thanks`);
}

function showForm(response: Response, status: number, shown: ShownForm): void {
  guard(response, shown.form);
  const title = status === 200 ? shown.form.title : `Error: ${shown.form.title}`;
  sendPage(response.status(status), title, formPage(shown), hostedStyles);
}

function guard(response: Response, { afterwards }: FormHook['input']): void {
  guardPage(response, 'redirect' in afterwards ? new URL(afterwards.redirect).origin : undefined);
}

async function findForm(app: ApiApp, request: Request): Promise<FormHook> {
  const hook = await app.intake.findHook(String(request.params.key));
  if (hook.kind === 'automation' && hook.trigger === 'form') return hook;
  throw new AppError('not_found', 'There is no such form');
}

/** A page of someone else can't send a form by the hands of its visitors. */
function refuseOtherSites(request: Request): void {
  const site = request.get('sec-fetch-site') ?? 'none';
  if (site !== 'same-origin' && site !== 'none')
    throw new AppError('forbidden', 'Send the form from its own page');
}
