import type { FormTriggerInput } from '#core/automation/triggers/form.js';
import { html, type SafeHtml } from '#core/html.js';
import { fieldMarkup, inputId } from './form-field.js';

/** Names of the form's own inputs. */
export const tokenInput = 'token';
/** People don't see it; what fills it in is a machine. */
export const trapInput = 'website';

/** A form as it is shown: empty, or with what was sent and what is wrong with it. */
export interface ShownForm {
  form: FormTriggerInput;
  /** Makes one delivery of several submissions of the same. */
  token: string;
  texts: ReadonlyMap<string, readonly string[]>;
  errors: ReadonlyMap<string, string>;
}

/** The page on which a form is filled in. */
export function formPage({ form, token, texts, errors }: ShownForm): SafeHtml {
  const fields = form.fields.map((field) =>
    fieldMarkup({ field, texts: texts.get(field.key) ?? [], error: errors.get(field.key) }),
  );
  const hasFiles = form.fields.some(({ kind }) => kind === 'file');
  return html`<main class="form">
<h1>${form.title}</h1>
${paragraphs(form.description)}
${errorSummary(form, errors)}
<form method="post"${hasFiles ? html` enctype="multipart/form-data"` : html``}>
<input type="hidden" name="${tokenInput}" value="${token}">
<div class="trap" aria-hidden="true"><label>Leave this empty <input type="text" name="${trapInput}" tabindex="-1" autocomplete="off"></label></div>
${fields}<button type="submit">Send</button>
</form>
</main>`;
}

/** What a person sees who has sent a form. */
export function thanksPage(form: FormTriggerInput): SafeHtml {
  const text = 'text' in form.afterwards ? form.afterwards.text : 'Your answers have been sent.';
  return html`<main class="form"><h1>${form.title}</h1>
<div role="status">${paragraphs(text)}</div></main>`;
}

function errorSummary(form: FormTriggerInput, errors: ReadonlyMap<string, string>): SafeHtml {
  if (errors.size === 0) return html``;
  const lines = form.fields.flatMap(({ key, label }) => {
    const error = errors.get(key);
    return error === undefined ? [] : [html`<li><a href="#${inputId(key)}">${label}: ${error}</a></li>`];
  });
  const hasFiles = form.fields.some(({ kind }) => kind === 'file');
  return html`<div class="errors" role="alert"><h2>Please look at this again</h2><ul>${lines}</ul>${
    hasFiles ? html`<p>Files have to be chosen again.</p>` : html``
  }</div>`;
}

function paragraphs(text: string): SafeHtml {
  const found = text.split(/\n\s*\n/).filter((part) => part.trim() !== '');
  return html`${found.map(
    (part) => html`<p>${part.trim()}</p>
`,
  )}`;
}

/** Served at /assets/form.css. */
export const formStyle = `.form { max-width: 36rem; margin: 0 auto; }
.field { margin: 0 0 1.25rem; padding: 0; border: 0; }
.field > label, legend { display: block; font-weight: 600; padding: 0; }
.field p { margin: 0.15rem 0; }
.field .tick { display: flex; gap: 0.5rem; align-items: baseline; font-weight: 400; padding: 0.2rem 0; }
input:not([type=checkbox]), select, textarea {
  box-sizing: border-box; width: 100%; margin-top: 0.25rem; padding: 0.5rem 0.6rem; font: inherit;
  color: var(--text); background: var(--ground); border: 1px solid var(--muted); border-radius: 6px;
}
[aria-invalid=true] { border-color: light-dark(#b3261e, #ff8f87); border-width: 2px; }
:is(input, select, textarea, button):focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
button { padding: 0.6rem 1.4rem; font: inherit; font-weight: 600; color: var(--ground); background: var(--link); border: 0; border-radius: 6px; cursor: pointer; }
button.second { color: var(--link); background: var(--ground); box-shadow: inset 0 0 0 1px var(--link); }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; }
.error { color: light-dark(#b3261e, #ff8f87); }
.errors { padding: 0.75rem 1rem; margin: 0 0 1.5rem; border: 2px solid light-dark(#b3261e, #ff8f87); border-radius: 6px; }
.errors h2 { margin: 0; font-size: 1.1rem; }
.trap { position: absolute; left: -9999px; }
`;
