import type { z } from 'zod';
import type { ApprovalField, Vote } from '#core/automation/approval.js';
import type { FormField } from '#core/automation/triggers/form-fields.js';
import { html, type SafeHtml } from '#core/html.js';
import { momentText } from '#core/moment-text.js';
import { fieldMarkup, inputId } from '../forms/form-field.js';
import type { ReviewedApproval } from './reviewed-approval.js';

/** Names of the page's own inputs. */
export const decisionInput = 'decision';
export const commentInput = 'comment';

export const maxComment = 5_000;

/** What is shown in the form: as it was sent, and what is wrong with it. */
export interface ShownDecision {
  texts: ReadonlyMap<string, readonly string[]>;
  errors: ReadonlyMap<string, string>;
  comment: string;
  /** The link that was followed; the button that it means stands out. Nothing is decided by it. */
  meant: Vote['decision'] | undefined;
}

/** The page on which one of those who may decide does so. */
export function decisionPage(approval: ReviewedApproval, shown: ShownDecision): SafeHtml {
  const { title, message, fields } = approval;
  const inputs = fields.map((field) =>
    fieldMarkup({
      field: asFormField(field),
      texts: shown.texts.get(field.key) ?? [],
      error: shown.errors.get(field.key),
    }),
  );
  return html`<main class="form">
<h1>${title}</h1>
${message === null ? html`` : html`<p class="message">${message}</p>`}
${factsOf(approval)}
${errorSummary(approval, shown.errors)}
<form method="post">
<button type="submit" disabled hidden></button>
${inputs}<div class="field"><label for="comment">Comment <span class="muted">(optional)</span></label>
<textarea id="comment" name="${commentInput}" rows="3" maxlength="${maxComment}">
${shown.comment}</textarea></div>
<div class="buttons">${button('approved', 'Approve', shown.meant === 'rejected')}
${button('rejected', 'Reject', shown.meant !== 'rejected')}</div>
</form>
</main>`;
}

/** What was decided and by whom, or why there is nothing to decide any more. */
export function outcomePage(approval: ReviewedApproval): SafeHtml {
  return html`<main class="form">
<h1>${approval.title}</h1>
<p role="status"><strong>${outcomeOf(approval)}</strong></p>
${factsOf(approval)}
${votesOf(approval)}
</main>`;
}

function button(decision: Vote['decision'], label: string, isSecond: boolean): SafeHtml {
  // What has to be filled in has to be for an approval only.
  const free = decision === 'rejected' ? html` formnovalidate` : html``;
  const look = isSecond ? html` class="second"` : html``;
  return html`<button type="submit" name="${decisionInput}" value="${decision}"${look}${free}>${label}</button>`;
}

function outcomeOf({ status, decision, votes, approvers }: ReviewedApproval): string {
  if (status === 'expired') return 'Nobody decided this in time. There is nothing to decide any more.';
  if (status === 'cancelled') return 'This was withdrawn. There is nothing to decide any more.';
  if (status === 'answered') return decision === 'approved' ? 'This was approved.' : 'This was rejected.';
  return `Your approval is noted: ${votes.length} of the ${approvers.needed} that are needed.`;
}

function factsOf({ organization, automation, expiresAt, status }: ReviewedApproval): SafeHtml {
  const until =
    expiresAt === null || status !== 'open'
      ? html``
      : html`<dt>Decide until</dt><dd>${momentText(expiresAt)}</dd>`;
  return html`<dl><dt>Organization</dt><dd>${organization}</dd><dt>Automation</dt><dd>${automation}</dd>${until}</dl>`;
}

function votesOf({ votes, voters }: ReviewedApproval): SafeHtml {
  const names = new Map(voters.map(({ userId, name }) => [userId, name]));
  const lines = votes.map(({ userId, decision, comment, at }) => {
    const verb = decision === 'approved' ? 'approved' : 'rejected';
    const said = comment === null || comment === '' ? html`` : html`<p class="message">${comment}</p>`;
    return html`<li>${names.get(userId) ?? 'Somebody'} ${verb} on ${momentText(at)}${said}</li>
`;
  });
  return lines.length === 0 ? html`` : html`<ul>${lines}</ul>`;
}

function errorSummary({ fields }: ReviewedApproval, errors: ReadonlyMap<string, string>): SafeHtml {
  if (errors.size === 0) return html``;
  const labels = new Map(fields.map(({ key, label }) => [key, label]));
  const lines = [...errors].map(
    ([key, error]) => html`<li><a href="#${inputId(key)}">${labels.get(key) ?? key}: ${error}</a></li>`,
  );
  return html`<div class="errors" role="alert"><h2>Please look at this again</h2><ul>${lines}</ul></div>`;
}

/** A field of an approval as a form shows it. A box that has to be answered may be left empty: that is an answer too. */
function asFormField({
  key,
  label,
  kind,
  options = [],
  required,
}: z.output<typeof ApprovalField>): FormField {
  const common = { key, label, required, help: '' };
  switch (kind) {
    case 'text':
      return { ...common, kind: 'long_text', limits: { minLength: 0, maxLength: 10_000 } };
    case 'number':
      return { ...common, kind, limits: { whole: false } };
    case 'boolean':
      return { ...common, kind: 'checkbox', required: false };
    case 'choice':
      return { ...common, kind, options };
  }
}
