import { type Parameter, type ParameterValue, valueProblem } from '#core/automation-document/parameter.js';
import type { ErrorIssue } from '#core/errors.js';
import { findConnection, type KnownConnection } from './known-connections.js';

/** The values of a document's parameters, connections as ids; with an issue for each that is missing or wrong. */
export function parameterValues(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
  known: readonly KnownConnection[],
): { values: Map<string, ParameterValue | undefined>; issues: ErrorIssue[] } {
  const values = new Map<string, ParameterValue | undefined>();
  const issues = unknownKeys(parameters, given);
  for (const parameter of parameters) {
    const value = given[parameter.key] ?? parameter.default;
    const outcome = readValue(parameter, value, known);
    if (typeof outcome === 'object') issues.push({ path: `parameters.${parameter.key}`, ...outcome });
    else values.set(parameter.key, outcome);
  }
  return { values, issues };
}

function readValue(
  parameter: Parameter,
  value: unknown,
  known: readonly KnownConnection[],
): ParameterValue | undefined | { message: string } {
  const { title, type, connector = '', required } = parameter;
  if (value === undefined || value === null) {
    const kind = type === 'connection' ? `the name of a connection of ${connector}` : `a ${type}`;
    return required ? { message: `is missing: ${title} (${kind})` } : undefined;
  }
  const problem = valueProblem(parameter, value);
  if (problem) return { message: problem };
  if (type !== 'connection') return plainValue(value);
  const found = findConnection(known, { connector, name: String(value) });
  return 'id' in found ? found.id : { message: found.problem };
}

function plainValue(value: unknown): ParameterValue | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function unknownKeys(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): ErrorIssue[] {
  const keys = parameters.map(({ key }) => key);
  const known = keys.length > 0 ? `it has ${keys.join(', ')}` : 'it has none';
  return Object.keys(given)
    .filter((key) => !keys.includes(key))
    .map((key) => ({ path: `parameters.${key}`, message: `the document has no such parameter; ${known}` }));
}
