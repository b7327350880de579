import { type Request, type Response, Router } from 'express';
import { AppError, type ErrorIssue } from '#core/errors.js';
import type { Caller } from '#runtime/caller.js';
import type { ApiApp } from '../api-app.js';
import { clientNetwork, originOf } from '../client-network.js';
import { asPage, guardPage, hostedStyles, sendMessagePage } from '../pages/hosted-page.js';
import { sendPage } from '../pages/page.js';
import { createRateLimit } from '../rate-limit.js';
import { contextOf } from '../request-context.js';
import { decisionPage, outcomePage, type ShownDecision } from './approval-page.js';
import { decisionIn, readDecisionBody } from './read-decision.js';
import { ReviewedApproval } from './reviewed-approval.js';

const approvalPath = '/approvals/:token';
const problems = {
  not_found: 'This link is not valid. Take it from the mail as a whole.',
  forbidden: 'You are not among those who may decide this, or not any more.',
};
const expired = {
  status: 410,
  title: 'This link has expired',
  detail: 'It was good for a limited time. The approval, if it is still open, can be decided by signing in.',
};

/** A person who came by a link, and the approval that it is for. */
interface Visit {
  caller: Extract<Caller, { kind: 'user' }>;
  approvalId: string;
  requestId: string;
}

/**
 * The pages behind the links in mails to approvers: without sign-in, scripts or cookies. Only sending the form decides;
 * opening the page does not, for mail servers open links as well.
 */
export function createApprovalRoutes(app: ApiApp, decisionsPerMinute: number): Router {
  const message = 'Too many decisions from your network; wait a little and send it again';
  const byNetwork = createRateLimit(decisionsPerMinute, 60, message);
  const router = Router({ caseSensitive: true });
  router.use('/approvals', (request, _response, next) => {
    Object.assign(contextOf(request), { route: approvalPath, hasSecretPath: true });
    next();
  });
  router.get(
    approvalPath,
    asPage(problems, async (request, response) => {
      const visit = await visitOf(app, request);
      if (!visit) return sendMessagePage(response, expired);
      const approval = await review(app, visit);
      const { decision } = request.query;
      const meant = decision === 'approved' || decision === 'rejected' ? decision : undefined;
      if (canDecide(approval)) {
        return showForm(response, approval, { texts: new Map(), errors: new Map(), comment: '', meant });
      }
      showOutcome(response, approval, isOver(approval) ? 410 : 200);
    }),
  );
  router.post(
    approvalPath,
    asPage(problems, async (request, response) => {
      await byNetwork.use(clientNetwork(request.ip));
      const visit = await visitOf(app, request);
      if (!visit) return sendMessagePage(response, expired);
      await decide(app, visit, request, response);
    }),
  );
  return router;
}

async function decide(app: ApiApp, visit: Visit, request: Request, response: Response): Promise<void> {
  const body = await readDecisionBody(request);
  const approval = await review(app, visit);
  const { texts, ...sent } = decisionIn(body, approval.fields);
  if (!canDecide(approval)) return showOutcome(response, approval, isOver(approval) ? 410 : 409);
  const { caller, approvalId: id, requestId } = visit;
  const { decision, comment, fields } = sent;
  try {
    const input = { id, decision, fields, ...(comment !== '' && { comment }) };
    await app.perform(caller, 'approvals.decide', input, { requestId, origin: originOf(request) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'validation') {
      return showForm(response, approval, {
        texts,
        comment,
        errors: errorsOf(error.issues),
        meant: decision,
      });
    }
    if (error.code !== 'conflict') throw error;
    // Somebody was faster, perhaps the same person in another window.
    return showOutcome(response, await review(app, visit), 409);
  }
  guardPage(response);
  // To what came of it by GET, so that loading it again sends nothing.
  response.redirect(303, request.path);
}

/** Who comes, from the link alone; undefined for a link that has expired. Throws `not_found`. */
async function visitOf(app: ApiApp, request: Request): Promise<Visit | undefined> {
  const link = await app.services.approvalLinks.read(String(request.params.token));
  if (link.hasExpired) return undefined;
  const { orgId, userId, approvalId } = link;
  const caller = { kind: 'user', orgId, userId, via: 'mail_link' } as const;
  const context = contextOf(request);
  context.caller = caller;
  return { caller, approvalId, requestId: context.requestId };
}

async function review(app: ApiApp, { caller, approvalId: id, requestId }: Visit): Promise<ReviewedApproval> {
  return ReviewedApproval.parse(await app.perform(caller, 'approvals.review', { id }, { requestId }));
}

function canDecide({ status, hasDecided }: ReviewedApproval): boolean {
  return status === 'open' && !hasDecided;
}

/** It came to its end without a decision. */
function isOver({ status }: ReviewedApproval): boolean {
  return status === 'expired' || status === 'cancelled';
}

/** By key of the field. */
function errorsOf(issues: readonly ErrorIssue[]): Map<string, string> {
  return new Map(issues.map(({ path, message }) => [path.replace(/^fields\./, ''), message]));
}

function showForm(response: Response, approval: ReviewedApproval, shown: ShownDecision): void {
  guardPage(response);
  const hasErrors = shown.errors.size > 0;
  const title = hasErrors ? `Error: ${approval.title}` : approval.title;
  sendPage(response.status(hasErrors ? 422 : 200), title, decisionPage(approval, shown), hostedStyles);
}

function showOutcome(response: Response, approval: ReviewedApproval, status: number): void {
  guardPage(response);
  sendPage(response.status(status), approval.title, outcomePage(approval), hostedStyles);
}
