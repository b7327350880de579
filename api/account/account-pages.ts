import { html, type SafeHtml } from '#core/html.js';

/** Asks for one click: that the page was opened proves nothing, for mail servers open links as well. */
export function verifyPage(): SafeHtml {
  return html`<main class="form"><h1>Confirm your email address</h1>
<p>You have followed the link of a mail. Confirm that its address is yours.</p>
<form method="post"><div class="buttons"><button type="submit">Confirm</button></div></form>
</main>`;
}

/** Asks for a new password; `error` says what is wrong with the last one. */
export function resetPage(error?: string): SafeHtml {
  const problem =
    error === undefined
      ? html``
      : html`<p class="error" id="password-error" role="alert">The password ${error}.</p>`;
  const described =
    error === undefined ? html`` : html` aria-invalid="true" aria-describedby="password-error"`;
  return html`<main class="form"><h1>Set a new password</h1>
<p>All of your sessions end. Log in again with the new password, of at least ten characters.</p>
<form method="post">
<div class="field"><label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="10" maxlength="256" required${described}>
${problem}</div>
<div class="buttons"><button type="submit">Set the password</button></div>
</form>
</main>`;
}
