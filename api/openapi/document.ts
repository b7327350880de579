import type { Catalogue } from '#core/catalogue.js';
import type { ConnectorAction } from '#core/connector.js';
import { connectorActionPaths } from '#core/connector-paths.js';
import type { Action } from '#runtime/domain.js';
import { routedActions } from '../routes.js';
import { asObject, type JsonSchema } from './json-schema.js';
import { describeOperation, openApiPath } from './operation.js';
import { platformPaths, platformTag } from './platform-paths.js';
import { problemComponents, problemSchema } from './problem-responses.js';
import { createSchemaComponents, type SchemaComponents } from './schema-components.js';

/** The OpenAPI 3.1 document of the whole API, derived from the catalogue. */
export function createOpenApiDocument(catalogue: Catalogue<Action>, version: string): JsonSchema {
  const components = createSchemaComponents();
  const paths = mergePaths([
    actionPaths(catalogue, components),
    connectorPaths(catalogue, components),
    platformPaths(catalogue),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'WorkSynapse API',
      version,
      description:
        'Everything that anyone can do in WorkSynapse, as one operation each. Lists come in pages: send `nextCursor` of one page as `cursor` to get the next. Errors are problems of RFC 9457 with a stable `code`.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: describeTags(catalogue),
    paths,
    components: {
      schemas: { Problem: problemSchema, ...components.all() },
      responses: problemComponents(),
      parameters: headerComponents,
      securitySchemes,
    },
  };
}

function actionPaths(catalogue: Catalogue<Action>, components: SchemaComponents): Record<string, JsonSchema> {
  const parts = [...catalogue.domains.values()].flatMap((domain) =>
    routedActions(domain.actions).map((action) => ({
      [`/v1${openApiPath(action.http.path)}`]: {
        [action.http.method]: describeOperation(action, { route: action.http, tag: domain.name }, components),
      },
    })),
  );
  return mergePaths(parts);
}

function connectorPaths(
  catalogue: Catalogue<Action>,
  components: SchemaComponents,
): Record<string, JsonSchema> {
  const actions = [...catalogue.actions.values()].filter((action) => action.kind === 'connector');
  return Object.fromEntries(
    actions.flatMap((action) =>
      connectorActionPaths(action).map((path) => {
        const isConnected = path.includes(':connectionId');
        return [`/v1${openApiPath(path)}`, { post: connectorOperation(action, components, isConnected) }];
      }),
    ),
  );
}

function connectorOperation(
  action: ConnectorAction,
  components: SchemaComponents,
  isConnected: boolean,
): JsonSchema {
  const place = { route: { method: 'post', path: '/' }, tag: action.connector } as const;
  const operation = describeOperation(action, place, components);
  const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
  const { 404: missing, ...responses } = {
    404: { $ref: '#/components/responses/Problem404' },
    ...asObject(operation.responses),
  };
  return {
    ...operation,
    ...(action.connection === 'optional' && !isConnected && { operationId: `${action.name}.plain` }),
    parameters: isConnected ? [connectionParameter, ...parameters] : parameters,
    responses: { ...responses, 404: missing },
  };
}

const connectionParameter = {
  name: 'connectionId',
  in: 'path',
  required: true,
  description: 'The connection whose credentials are used.',
  schema: { type: 'string', format: 'uuid' },
};

/** Several descriptions of one path make one; of one method, the later adds what the former lacks. */
function mergePaths(parts: readonly Record<string, JsonSchema>[]): Record<string, JsonSchema> {
  const merged: Record<string, JsonSchema> = {};
  for (const [path, item] of parts.flatMap((part) => Object.entries(part))) {
    merged[path] = { ...item, ...addedTo(asObject(merged[path]), item) };
  }
  return merged;
}

function addedTo(existing: JsonSchema, item: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(existing).map(([method, operation]) => [
      method,
      item[method] === undefined ? operation : withStream(asObject(operation), asObject(item[method])),
    ]),
  );
}

/** A list that is also a stream: the same address answers in two content types. */
function withStream(list: JsonSchema, stream: JsonSchema): JsonSchema {
  const responses = asObject(list.responses);
  const success = asObject(responses['200']);
  const streamed = asObject(asObject(asObject(stream.responses)['200']).content);
  const parameters = [list.parameters ?? [], stream.parameters ?? []].flat();
  return {
    ...list,
    description: `${list.description}\n\n${stream.description}`,
    parameters,
    responses: {
      ...responses,
      '200': { ...success, content: { ...asObject(success.content), ...streamed } },
    },
  };
}

/** A tag for each business area and each app that has operations. */
function describeTags(catalogue: Catalogue<Action>): JsonSchema[] {
  const domains = [...catalogue.domains.values()].filter(({ actions }) => actions.some(({ http }) => http));
  const connectors = [...catalogue.connectors.values()].filter(({ actions }) => actions.length > 0);
  const described = [...domains, ...connectors].map(({ name, description }) => ({ name, description }));
  return [...described, platformTag];
}

const headerComponents = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A key of your own for this call, up to 255 visible ASCII characters. The same key with the same input gives the first result again; with other input it is refused. Before signing in, keys belong to the network of the caller and are kept for a day.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The version that the change is meant for, in quotes; fills the field `version`.',
    schema: { type: 'string', pattern: '^"\\d{1,9}"$' },
  },
};

const sessionScheme = {
  type: 'apiKey',
  in: 'cookie',
  name: '__Host-worksynapse_session',
  description:
    'Set by logging in. Taken from pages of the API’s own origin only, as JSON; on plain http the name has no prefix.',
};

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token from logging in, or an API key (`wsk_…`).',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key (`wsk_…`).' },
  sessionCookie: sessionScheme,
  scimToken: { type: 'http', scheme: 'bearer', description: 'A SCIM token (`scim_tokens.create`).' },
};
