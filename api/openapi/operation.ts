import { z } from 'zod';
import type { ActionDescription, HttpRoute } from '#core/action.js';
import type { ErrorCode } from '#core/errors.js';
import { asArray, asObject, type JsonSchema } from './json-schema.js';
import { problemReferences } from './problem-responses.js';
import { refTo, type SchemaComponents } from './schema-components.js';

/** Describes one action of the catalogue as an OpenAPI operation at its route, under a tag. */
export function describeOperation(
  action: ActionDescription,
  { route, tag }: { route: HttpRoute; tag: string },
  components: SchemaComponents,
): JsonSchema {
  const pathNames = pathParameterNames(route.path);
  const input = resolveRoot(components.convert(action.input, 'input', action.name), components);
  const fields = asObject(input.properties);
  const hasQuery = route.method === 'get' || route.method === 'delete';
  const ownFields = Object.keys(fields).filter((name) => !pathNames.includes(name));
  const body = hasQuery ? undefined : describeBody(action, input, pathNames);
  const parameters = [
    ...pathNames.map((name) => describeParameter('path', name, input)),
    ...(hasQuery ? ownFields.map((name) => describeParameter('query', name, input)) : []),
    ...headerParameters(action, 'version' in fields),
  ];
  return {
    operationId: action.name,
    summary: action.title,
    description: action.description,
    tags: [tag],
    'x-effect': action.effect,
    'x-permission': action.permission,
    ...(action.emits && action.emits.length > 0 ? { 'x-emits': action.emits } : {}),
    ...(action.needsRecentSignIn ? { 'x-needs-recent-sign-in': true } : {}),
    ...securityOf(action),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: {
      [String(route.status ?? 200)]: describeSuccess(action, route, components),
      ...problemReferences(
        errorCodes(action, { hasPath: pathNames.length > 0, hasBody: body !== undefined }),
      ),
    },
  };
}

function securityOf({ permission, cookies }: ActionDescription): JsonSchema {
  if (cookies === 'uses') return { security: [{ sessionCookie: [] }] };
  return permission === 'public' ? { security: [] } : {};
}

/** Names in `:name` segments, in order. */
export function pathParameterNames(path: string): string[] {
  return [...path.matchAll(/:([A-Za-z0-9_]+)/g)].map(([, name = '']) => name);
}

/** Express writes `:id`, OpenAPI `{id}`. */
export function openApiPath(path: string): string {
  return path.replace(/:([A-Za-z0-9_]+)/g, '{$1}');
}

function resolveRoot(schema: JsonSchema, components: SchemaComponents): JsonSchema {
  const name = typeof schema.$ref === 'string' ? schema.$ref.slice(refTo('').length) : undefined;
  return name === undefined ? schema : asObject(components.all()[name]);
}

function describeParameter(place: 'path' | 'query', name: string, input: JsonSchema): JsonSchema {
  const { description, ...schema } = asObject(asObject(input.properties)[name] ?? { type: 'string' });
  return {
    name,
    in: place,
    required: place === 'path' || asArray(input.required).includes(name),
    ...(typeof description === 'string' ? { description } : {}),
    schema,
  };
}

function headerParameters(action: ActionDescription, takesVersion: boolean): JsonSchema[] {
  const isWrite = action.effect !== 'read' && action.permission !== 'public' && !action.holdsSecret;
  return [
    ...(isWrite ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(takesVersion ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
  ];
}

function describeBody(
  action: ActionDescription,
  input: JsonSchema,
  pathNames: readonly string[],
): JsonSchema | undefined {
  const properties = Object.entries(asObject(input.properties)).filter(([name]) => !pathNames.includes(name));
  const takesOtherFields = input.additionalProperties !== undefined && input.additionalProperties !== false;
  const isPlainObject = input.type === 'object' && input.anyOf === undefined && input.allOf === undefined;
  if (isPlainObject && properties.length === 0 && !takesOtherFields) return undefined;
  const required = asArray(input.required).filter((name) => !pathNames.includes(String(name)));
  const { required: _required, properties: _properties, ...rest } = input;
  const schema = {
    ...rest,
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
  return {
    required: required.length > 0,
    content: { 'application/json': { schema, ...examplesOf(action.input) } },
  };
}

function describeSuccess(
  action: ActionDescription,
  route: HttpRoute,
  components: SchemaComponents,
): JsonSchema {
  if (route.status === 204) return { description: 'Done.' };
  const schema = components.convert(action.output, 'output', action.name);
  return {
    description: 'Done.',
    content: { 'application/json': { schema, ...examplesOf(action.output) } },
  };
}

/** Examples that the schema carries as metadata: `schema.meta({ examples: [...] })`. */
function examplesOf(schema: z.ZodType): JsonSchema {
  const examples = asArray(z.globalRegistry.get(schema)?.examples);
  if (examples.length === 0) return {};
  return {
    examples: Object.fromEntries(examples.map((value, index) => [`example${index + 1}`, { value }])),
  };
}

function errorCodes(
  action: ActionDescription,
  { hasPath, hasBody }: { hasPath: boolean; hasBody: boolean },
): ErrorCode[] {
  const isPublic = action.permission === 'public';
  const changes = action.effect !== 'read';
  const isConnector = 'connector' in action;
  return [
    'malformed',
    'unauthenticated',
    ...(isPublic ? [] : (['forbidden'] as const)),
    ...(changes && !isPublic ? (['approval_required'] as const) : []),
    ...(hasPath ? (['not_found'] as const) : []),
    ...(changes ? (['conflict'] as const) : []),
    ...(hasBody ? (['payload_too_large', 'unsupported_media_type'] as const) : []),
    'validation',
    ...(isConnector ? (['credentials_expired', 'provider_unavailable'] as const) : []),
    'limit_exceeded',
    'internal',
  ];
}
