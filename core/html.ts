/** Markup that is safe to send: made by `html` only. */
export class SafeHtml {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

type Part = string | number | SafeHtml | readonly SafeHtml[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template tag for markup. What is put in is escaped, unless it is markup of this tag itself, or a list of it. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): SafeHtml {
  return new SafeHtml(texts.reduce((markup, text, index) => markup + insert(parts[index - 1]) + text));
}

function insert(part: Part | undefined): string {
  if (part === undefined) return '';
  if (part instanceof SafeHtml) return part.toString();
  if (typeof part === 'object') return part.join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
