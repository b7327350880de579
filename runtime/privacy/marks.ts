import { html } from '#core/html.js';

/** What names a person in texts. */
export interface Marks {
  /** In lower case. */
  email: string;
  /** Null: it is not searched for. */
  name: string | null;
}

/** What stands in place of a mark. */
export const erasedText = '[erased]';

/** Names that are shorter would be found everywhere. */
export const shortestName = 3;

/**
 * A regular expression for all forms in which texts hold the marks: as they are, within JSON, HTML and addresses (URI).
 * Written in what PostgreSQL and JavaScript have in common; to be used without regard to case. `ann@example.com` is not
 * found in `joann@example.com` or `ann@example.com.au`.
 */
export function patternOf({ email, name }: Marks): string {
  const forms = new Set([email, ...(name === null ? [] : [name])].flatMap(formsOf));
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map(escapeForPattern);
  return `${before}(?:${alternatives.join('|')})${after}`;
}

/** JavaScript's form of the pattern, for all places. */
export function expressionOf(marks: Marks): RegExp {
  return new RegExp(patternOf(marks), 'giu');
}

/**
 * No letter, digit or sign of an address stands before it; but escapes may, which end with one: `\n` in JSON, `%3D` in
 * addresses.
 */
const before =
  '(?:(?<![a-zA-Z0-9_+-])(?<![a-zA-Z0-9][.])|(?<=[\\\\][bfnrt])|(?<=%[0-9a-fA-F][0-9a-fA-F])|(?<=[\\\\]u[0-9a-fA-F]{4}))';
const after = '(?![a-zA-Z0-9_-])(?![.][a-zA-Z0-9])';

function formsOf(mark: string): string[] {
  const inUri = encodeURIComponent(mark);
  return [
    mark,
    JSON.stringify(mark).slice(1, -1),
    inUri,
    inUri.replaceAll('%20', '+'),
    html`${mark}`.toString(),
  ];
}

/** Each sign that has a meaning stands in brackets, which is the same in both kinds of expressions. */
function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, (sign) =>
    sign === '\\' || sign === '^' || sign === ']' || sign === '[' ? `\\${sign}` : `[${sign}]`,
  );
}
