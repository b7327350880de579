import { html, type SafeHtml } from '#core/html.js';
import { momentText } from '#core/moment-text.js';

/** What is shown of an invite, and of what was typed. */
export interface ShownInvite {
  organization: { name: string };
  role: { name: string };
  email: string | null;
  expiresAt: string;
}

/** The page of a mailed invite: who has no account makes one here, who has one only says yes. */
export function invitePage(
  { organization, role, email, expiresAt }: ShownInvite,
  { name, errors }: { name: string; errors: readonly string[] },
): SafeHtml {
  const summary =
    errors.length === 0
      ? html``
      : html`<div class="errors" role="alert"><ul>${errors.map((text) => html`<li>${text}</li>`)}</ul></div>`;
  return html`<main class="form">
<h1>Join ${organization.name}</h1>
<dl><dt>For</dt><dd>${email ?? ''}</dd><dt>Role</dt><dd>${role.name}</dd><dt>Good until</dt><dd>${momentText(expiresAt)}</dd></dl>
${summary}
<form method="post">
<p class="muted">If this address has an account, leave both empty.</p>
<div class="field"><label for="name">Your name</label>
<input id="name" name="name" maxlength="200" autocomplete="name" value="${name}"></div>
<div class="field"><label for="password">Choose a password</label>
<input id="password" name="password" type="password" minlength="10" maxlength="256" autocomplete="new-password"></div>
<div class="buttons"><button type="submit">Join</button></div>
</form>
</main>`;
}
