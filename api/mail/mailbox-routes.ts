import { Router } from 'express';
import { AppError } from '#core/errors.js';
import { sendPage } from '../pages/page.js';
import { contextOf } from '../request-context.js';
import { contentPolicy } from '../security-headers.js';
import { openDevMailbox } from './dev-mailbox.js';
import { parseMailboxMessage } from './mailbox-message.js';
import { mailboxPage, messagePage } from './mailbox-pages.js';

const shownMessages = 100;

/** The development mailbox over HTTP, to be mounted under /dev. Without sign-in: never in production. */
export function createMailboxRoutes(folder: string): Router {
  const mailbox = openDevMailbox(folder);
  const newest = async () => {
    const ids = (await mailbox.list()).slice(0, shownMessages);
    return Promise.all(ids.map(async (id) => parseMailboxMessage(id, await mailbox.read(id))));
  };
  const router = Router({ caseSensitive: true });
  router.use((request, _response, next) => {
    contextOf(request).route = '/dev/mailbox';
    next();
  });
  router.get('/mailbox', async (_request, response) => {
    sendPage(response, 'Development mailbox', mailboxPage(await newest()));
  });
  router.get('/mailbox.json', async (_request, response) => {
    response.json({ items: await newest() });
  });
  router.get('/mailbox/:id', async (request, response) => {
    const message = await parseMailboxMessage(request.params.id, await mailbox.read(request.params.id));
    response.setHeader('Content-Security-Policy', contentPolicy({ 'frame-src': "'self'" }));
    sendPage(response, message.subject || 'Message', messagePage(message));
  });
  router.get('/mailbox/:id/raw', async (request, response) => {
    response.type('text/plain').send(await mailbox.read(request.params.id));
  });
  router.get('/mailbox/:id/html', async (request, response) => {
    const message = await parseMailboxMessage(request.params.id, await mailbox.read(request.params.id));
    if (message.html === null) throw new AppError('not_found', 'This message has no HTML part');
    // Whatever the message holds: no script, no form, no request to anywhere, and no origin of ours.
    response.setHeader('Content-Security-Policy', mailPartPolicy);
    response.setHeader('X-Frame-Options', 'SAMEORIGIN');
    response.type('html').send(message.html);
  });
  return router;
}

const mailPartPolicy =
  "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'";
