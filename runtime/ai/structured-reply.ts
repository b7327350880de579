import { Ajv, type ErrorObject } from 'ajv';
import { AppError, invalidField } from '#core/errors.js';
import type { JsonSchema } from '#core/expression/json-schema-types.js';
import type { Services } from '../services.js';
import { complete, type GatewayReply, type GatewayRequest } from './gateway.js';
import type { ModelUse } from './model-use.js';

export interface StructuredReply extends Pick<GatewayReply, 'callId' | 'provider' | 'model'> {
  /** Fits the schema. */
  value: unknown;
  /** Of all calls together, in millionths of a minor unit. */
  cost: number;
}

/** Most errors that a model is told of. */
const maxErrors = 10;

/**
 * Asks for a value of a JSON schema. A reply that does not fit is sent back once, with what is wrong. Throws `validation` with the path
 * of what does not fit where that does not help, for a schema that is none, and what the gateway throws.
 */
export async function askForValue(
  services: Services,
  use: ModelUse,
  { outputSchema, ...request }: GatewayRequest & { outputSchema: JsonSchema },
  signal: AbortSignal,
): Promise<StructuredReply> {
  const validate = compile(outputSchema);
  const first = await complete(services, use, { ...request, outputSchema }, { signal });
  const read = readValue(first.text, validate);
  if ('value' in read) return { ...summaryOf(first), value: read.value, cost: first.cost };
  const messages = [
    ...request.messages,
    { role: 'assistant' as const, text: first.text, toolCalls: [] },
    { role: 'user' as const, text: repairRequest(read.errors, outputSchema) },
  ];
  const second = await complete(services, use, { ...request, messages, outputSchema }, { signal });
  const repaired = readValue(second.text, validate);
  if ('value' in repaired)
    return { ...summaryOf(second), value: repaired.value, cost: first.cost + second.cost };
  throw new AppError('validation', 'The model did not answer in the form that was asked for', {
    issues: repaired.errors.map((message) => ({ path: 'output', message })),
  });
}

function summaryOf({ callId, provider, model }: GatewayReply) {
  return { callId, provider, model };
}

type Validate = (value: unknown) => string[];

function compile(schema: JsonSchema): Validate {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  try {
    const check = ajv.compile(schema);
    return (value) => (check(value) ? [] : (check.errors ?? []).slice(0, maxErrors).map(describe));
  } catch {
    throw invalidField({ path: 'schema', message: 'is no JSON schema' });
  }
}

function describe({ instancePath, message = 'is not valid' }: ErrorObject): string {
  return `${instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.')} ${message}`;
}

function readValue(text: string, validate: Validate): { value: unknown } | { errors: string[] } {
  try {
    const value: unknown = JSON.parse(withoutFence(text));
    const errors = validate(value);
    return errors.length === 0 ? { value } : { errors };
  } catch {
    return { errors: ['it is not JSON'] };
  }
}

/** Models that can't be held to a schema like to write Markdown around it. */
function withoutFence(text: string): string {
  return /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1] ?? text;
}

function repairRequest(errors: readonly string[], schema: JsonSchema): string {
  const list = errors.map((error) => `- ${error}`).join('\n');
  return `That does not fit:\n${list}\nAnswer with JSON of this schema, and nothing else:\n${JSON.stringify(schema)}`;
}
