import { AppError } from '../errors.js';
import { createEnvironment } from '../expression/environment.js';
import { readPaths } from '../expression/paths.js';
import { refusedCall } from '../expression/refused-call.js';
import { isTemplate, parseTemplate } from '../expression/template.js';
import { TypedEnvironments } from './typed-environments.js';
import type { VisibleScope, VisibleSteps } from './visible-scope.js';

export interface ExpressionCheck {
  /** CEL type of one expression, or the reason why it can't work. */
  check(expression: string): CheckedExpression;
  /** Every path that was read by the expressions checked so far, from its root name. */
  paths: string[][];
}

type CheckedExpression = { type: string } | { error: string };

/**
 * Type-checks expressions against what is known at one place. Types are declared for the steps that an expression
 * reads, not for all that it might, so that large automations are checked in no time. Checks of one automation share
 * `environments`.
 */
export function createExpressionCheck(
  scope: VisibleScope,
  environments = new TypedEnvironments(),
): ExpressionCheck {
  const checked = new Map<string, CheckedExpression>();
  const paths: string[][] = [];

  function examine(expression: string): CheckedExpression {
    try {
      const { ast } = parser.parse(expression);
      const read = eachStep(readPaths(ast), scope);
      paths.push(...read);
      const refused = refusedCall(ast) ?? unknownStep(read, scope) ?? unknownVariable(read, scope);
      if (refused) return { error: refused };
      const result = environments.at(scope, read).parse(expression).check();
      return result.valid ? { type: result.type ?? 'dyn' } : { error: summaryOf(result.error) };
    } catch (error) {
      return { error: summaryOf(error) };
    }
  }

  return {
    paths,
    check(expression) {
      const known = checked.get(expression) ?? examine(expression);
      checked.set(expression, known);
      return known;
    },
  };
}

/** The expressions of one string, or the reason why it is not a template. */
export function expressionsOf(text: string): { expressions: string[]; isPure: boolean } | { error: string } {
  if (!isTemplate(text)) return { expressions: [], isPure: false };
  try {
    const parts = parseTemplate(text);
    const expressions = parts.flatMap((part) => ('expression' in part ? [part.expression] : []));
    return { expressions, isPure: parts.length === 1 };
  } catch (error) {
    return { error: summaryOf(error) };
  }
}

/** Reads expressions without knowing any type. */
const parser = createEnvironment();

/** With a path for each visible step where an expression reads `steps` as a whole. */
function eachStep(paths: readonly string[][], { steps }: VisibleScope): string[][] {
  return paths.flatMap((path) =>
    path[0] === 'steps' && path.length === 1 ? steps.ids().map((id) => ['steps', id]) : [path],
  );
}

function unknownVariable(paths: readonly string[][], { vars }: VisibleScope): string | undefined {
  for (const [root, name] of paths) {
    if (root !== 'vars') continue;
    if (!vars) return 'variables can not be read here';
    if (name === undefined) return 'a variable is read by its name: vars.<name>';
    if (!vars.has(name)) return `there is no variable ${name}`;
  }
  return undefined;
}

function unknownStep(paths: readonly string[][], scope: VisibleScope): string | undefined {
  for (const [root, id] of paths) {
    if (root !== 'steps' || id === undefined || scope.steps.has(id) || scope.loops?.has(id)) continue;
    return scope.nodeIds.has(id) ? `steps.${id} does not run before this` : `there is no step ${id}`;
  }
  return undefined;
}

function summaryOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error && 'summary' in error) return String(error.summary);
  return error instanceof Error ? error.message : String(error);
}

/** No steps at all. */
export const noSteps: VisibleSteps = { has: () => false, shapeOf: () => 'anything', ids: () => [] };
