import { mapExpressions } from '../../expression/template.js';

/** Texts within an expression, which stay as they are, and what names a step: `steps.a`, `steps.?a`, `steps["a"]`. */
const stepName =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|(?<before>(?<![\w.])steps\s*(?:\.\??\s*|\[\??\s*(?<quote>["'])))(?<id>[a-z][a-z0-9_]*)(?<after>\k<quote>\s*\])?|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;

/**
 * The same JSON with other names for steps wherever an expression in it names one: `{{ steps.a.output }}` with a → b is
 * `{{ steps.b.output }}`. Text around expressions, and texts within them, stay as they are.
 */
export function renameSteps(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return mapExpressions(value, (expression) =>
      expression.replace(stepName, (text, ...found) => {
        const { before, id, after = '' } = found.at(-1);
        const name = names.get(id);
        return name === undefined ? text : `${before}${name}${after}`;
      }),
    );
  }
  if (Array.isArray(value)) return value.map((entry) => renameSteps(entry, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, renameSteps(entry, names)]));
}
