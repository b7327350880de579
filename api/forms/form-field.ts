import type { FormField } from '#core/automation/triggers/form-fields.js';
import { sizeText } from '#core/automation/triggers/form-fields.js';
import { html, type SafeHtml } from '#core/html.js';

/** What stands in a field as it is shown. */
export interface ShownField {
  field: FormField;
  /** What was typed or chosen before. */
  texts: readonly string[];
  error: string | undefined;
}

const nothing = html``;

/** The name of a field's input: apart from the form's own inputs, whatever its key. */
export function inputName(key: string): string {
  return `f.${key}`;
}

/** The id of a field's input, to which its error leads. */
export function inputId(key: string): string {
  return `f-${key}`;
}

/** One field with label, help and error. */
export function fieldMarkup(shown: ShownField): SafeHtml {
  const { field } = shown;
  if (field.kind === 'choices') return choicesMarkup(shown, field.options);
  if (field.kind === 'checkbox') {
    return html`<div class="field"><label class="tick">${inputMarkup(shown)} ${labelText(field)}</label>${notes(shown)}</div>
`;
  }
  return html`<div class="field"><label for="${inputId(field.key)}">${labelText(field)}</label>${notes(shown)}
${inputMarkup(shown)}</div>
`;
}

function labelText({ label, required }: FormField): SafeHtml {
  return required ? html`${label}` : html`${label} <span class="muted">(optional)</span>`;
}

/** Help and error, as what describes the input to those who can't see it. */
function notes({ field, error }: ShownField): SafeHtml {
  const help = helpOf(field);
  const helpMarkup =
    help === '' ? nothing : html`<p class="muted" id="${inputId(field.key)}-help">${help}</p>`;
  if (error === undefined) return helpMarkup;
  return html`${helpMarkup}<p class="error" id="${inputId(field.key)}-error">${error}</p>`;
}

function helpOf(field: FormField): string {
  if (field.kind !== 'file') return field.help;
  const bound = `At most ${sizeText(field.limits.maxSize)}.`;
  return field.help === '' ? bound : `${field.help} ${bound}`;
}

function inputMarkup(shown: ShownField): SafeHtml {
  const { field, texts } = shown;
  const [text = ''] = texts;
  const common = commonAttributes(shown);
  switch (field.kind) {
    case 'long_text':
      return html`<textarea rows="6" maxlength="${field.limits.maxLength}"${common}>
${text}</textarea>`;
    case 'choice':
      return html`<select${common}><option value="">Choose</option>${field.options.map((option) =>
        option === text ? html`<option selected>${option}</option>` : html`<option>${option}</option>`,
      )}</select>`;
    case 'checkbox':
      return html`<input type="checkbox" value="on"${texts.length > 0 ? html` checked` : nothing}${common}>`;
    case 'file':
      return html`<input type="file"${attribute('accept', field.limits.accept.join(',') || undefined)}${common}>`;
    case 'number': {
      const { min, max, whole } = field.limits;
      const bounds = html`${attribute('min', min)}${attribute('max', max)}`;
      return html`<input type="number" step="${whole ? '1' : 'any'}" value="${text}"${bounds}${common}>`;
    }
    case 'date': {
      const bounds = html`${attribute('min', field.limits.min)}${attribute('max', field.limits.max)}`;
      return html`<input type="date" value="${text}"${bounds}${common}>`;
    }
    case 'email':
      return html`<input type="email" autocomplete="email" maxlength="254" value="${text}"${common}>`;
    case 'text':
      return html`<input type="text" maxlength="${field.limits.maxLength}" value="${text}"${common}>`;
    case 'choices':
      return nothing;
  }
}

function commonAttributes({ field, error }: ShownField): SafeHtml {
  const id = inputId(field.key);
  const described = [helpOf(field) && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return html` id="${id}" name="${inputName(field.key)}"${field.required ? html` required` : nothing}${attribute(
    'aria-describedby',
    described || undefined,
  )}${error === undefined ? nothing : html` aria-invalid="true"`}`;
}

function choicesMarkup(shown: ShownField, options: readonly string[]): SafeHtml {
  const { field, texts, error } = shown;
  const boxes = options.map((option, index) => {
    const id = index === 0 ? inputId(field.key) : `${inputId(field.key)}-${index}`;
    const checked = texts.includes(option) ? html` checked` : nothing;
    return html`<label class="tick"><input type="checkbox" id="${id}" name="${inputName(field.key)}" value="${option}"${checked}> ${option}</label>
`;
  });
  const invalid = error === undefined ? nothing : html` aria-describedby="${inputId(field.key)}-error"`;
  return html`<fieldset class="field"${invalid}><legend>${labelText(field)}</legend>${notes(shown)}
${boxes}</fieldset>
`;
}

function attribute(name: string, value: string | number | undefined): SafeHtml {
  return value === undefined ? nothing : html` ${name}="${value}"`;
}
