import { Environment } from '@marcbachmann/cel-js';
import { registerDateFunctions } from './functions/dates.js';
import { registerEncodingFunctions } from './functions/encoding.js';
import { registerTextFunctions } from './functions/text.js';

/** Names that expressions may start from. */
export const scopeNames = ['trigger', 'steps', 'item', 'index', 'vars', 'run', 'org'] as const;

/** Bounds on one expression; CEL itself always terminates. */
const limits = {
  maxAstNodes: 2000,
  maxDepth: 50,
  maxListElements: 500,
  maxMapEntries: 500,
  maxCallArguments: 20,
};

/**
 * An environment of our dialect of CEL (https://cel.dev): numbers of JSON are doubles, and whole numbers in the text
 * of an expression mix with them freely. Every function in it gives the same for the same arguments, at any time and
 * on any machine, and bounds what it gives (meter.ts).
 */
export function createEnvironment(): Environment {
  return dialect.clone();
}

function createDialect(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits,
  });
  for (const [left, right] of [
    ['double', 'int'],
    ['int', 'double'],
  ] as const) {
    for (const [operator, compute] of Object.entries(mixedArithmetic)) {
      environment.registerOperator(`${left} ${operator} ${right}`, (a, b) => compute(Number(a), Number(b)));
    }
  }
  environment.registerOperator('double % double', (a, b) => a % b);
  environment.registerOperator('double == int', (a, b) => Number(a) === Number(b));
  registerTextFunctions(environment);
  registerDateFunctions(environment);
  registerEncodingFunctions(environment);
  return environment;
}

const mixedArithmetic: Record<string, (a: number, b: number) => unknown> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const dialect = createDialect();
