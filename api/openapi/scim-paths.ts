import { scimMediaType } from '../scim/scim-error.js';
import type { JsonSchema } from './json-schema.js';

const text = { type: 'string' };
const core = 'urn:ietf:params:scim:schemas:core:2.0';

const errorSchema: JsonSchema = {
  type: 'object',
  required: ['schemas', 'status', 'detail'],
  properties: {
    schemas: { type: 'array', items: { const: 'urn:ietf:params:scim:api:messages:2.0:Error' } },
    status: { ...text, description: 'The HTTP status, as text.' },
    scimType: {
      ...text,
      enum: ['uniqueness', 'mutability', 'invalidFilter', 'invalidPath', 'invalidSyntax', 'invalidValue'],
    },
    detail: text,
  },
};

const user: JsonSchema = {
  type: 'object',
  required: ['schemas', 'userName'],
  properties: {
    schemas: { type: 'array', items: text, contains: { const: `${core}:User` } },
    id: { ...text, format: 'uuid', readOnly: true },
    externalId: text,
    userName: text,
    name: { type: 'object', properties: { formatted: text, givenName: text, familyName: text } },
    displayName: text,
    emails: {
      type: 'array',
      items: { type: 'object', properties: { value: text, primary: { type: 'boolean' } } },
    },
    active: { type: 'boolean', description: 'False: the person can do nothing here, and is signed out.' },
  },
};

const group: JsonSchema = {
  type: 'object',
  required: ['schemas', 'displayName'],
  properties: {
    schemas: { type: 'array', items: text, contains: { const: `${core}:Group` } },
    id: { ...text, format: 'uuid', readOnly: true },
    externalId: text,
    displayName: text,
    members: { type: 'array', items: { type: 'object', properties: { value: { ...text, format: 'uuid' } } } },
  },
};

const patch: JsonSchema = {
  type: 'object',
  required: ['schemas', 'Operations'],
  properties: {
    schemas: { type: 'array', items: { const: 'urn:ietf:params:scim:api:messages:2.0:PatchOp' } },
    Operations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['op'],
        properties: { op: { ...text, enum: ['add', 'remove', 'replace'] }, path: text, value: {} },
      },
    },
  },
};

const listOf = (items: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['schemas', 'totalResults', 'startIndex', 'itemsPerPage', 'Resources'],
  properties: {
    schemas: { type: 'array', items: { const: 'urn:ietf:params:scim:api:messages:2.0:ListResponse' } },
    totalResults: { type: 'integer' },
    startIndex: { type: 'integer' },
    itemsPerPage: { type: 'integer' },
    Resources: { type: 'array', items },
  },
});

const content = (schema: JsonSchema): JsonSchema => ({ content: { [scimMediaType]: { schema } } });
const failed = (description: string): JsonSchema => ({ description, ...content(errorSchema) });
const refusals: JsonSchema = {
  '400': failed('Something is not valid; `scimType` says what.'),
  '401': failed('The SCIM token is missing or not valid.'),
  '404': failed('There is no such resource.'),
  '409': failed('A unique value is taken, or the change is not possible now.'),
  '429': failed('Too many requests; see Retry-After.'),
};

const parameter = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: name === 'id' ? 'path' : 'query',
  required: name === 'id',
  description,
  schema,
});
const id = parameter('id', 'Of the resource.', { ...text, format: 'uuid' });

/** SCIM 2.0 for identity providers (RFC 7643, RFC 7644; api/scim/). */
export function scimPaths(tag: string): Record<string, JsonSchema> {
  const operation = (
    name: string,
    summary: string,
    success: JsonSchema,
    more: JsonSchema = {},
  ): JsonSchema => ({
    operationId: `scim_v2.${name}`,
    summary,
    description: `${summary}, as SCIM 2.0 has it. The credential is a SCIM token of the organization.`,
    tags: [tag],
    security: [{ scimToken: [] }],
    ...more,
    responses: { ...success, ...refusals },
  });
  const collection = (
    noun: 'user' | 'group',
    schema: JsonSchema,
    filter: string,
  ): Record<string, JsonSchema> => {
    const one = { '200': { description: `The ${noun}.`, ...content(schema) } };
    const body = (sent: JsonSchema): JsonSchema => ({ requestBody: { required: true, ...content(sent) } });
    const path = noun === 'user' ? '/scim/v2/Users' : '/scim/v2/Groups';
    return {
      [path]: {
        get: operation(
          `list_${noun}s`,
          `List ${noun}s`,
          { '200': { description: 'A page.', ...content(listOf(schema)) } },
          {
            parameters: [
              parameter('filter', filter, text),
              parameter('startIndex', 'Number of the first, from 1.', {
                type: 'integer',
                minimum: 1,
                default: 1,
              }),
              parameter('count', 'At most so many.', { type: 'integer', minimum: 0, maximum: 200 }),
              ...(noun === 'group'
                ? [parameter('excludedAttributes', '`members` leaves the members out.', text)]
                : []),
            ],
          },
        ),
        post: operation(
          `create_${noun}`,
          `Create a ${noun}`,
          { '201': { description: `The ${noun}; its address is in Location.`, ...content(schema) } },
          body(schema),
        ),
      },
      [`${path}/{id}`]: {
        get: operation(`get_${noun}`, `Show a ${noun}`, one, { parameters: [id] }),
        put: operation(`replace_${noun}`, `Replace a ${noun}`, one, { parameters: [id], ...body(schema) }),
        patch: operation(`patch_${noun}`, `Change a ${noun}`, one, { parameters: [id], ...body(patch) }),
        delete: operation(
          `delete_${noun}`,
          noun === 'user' ? 'End a user’s membership' : 'Delete a group',
          { '204': { description: 'It is done.' } },
          { parameters: [id] },
        ),
      },
    };
  };
  const described = (name: string, path: string, summary: string): Record<string, JsonSchema> => {
    const schema = { type: 'object' };
    const named = parameter('id', 'Of the description.', text);
    return {
      [path]: {
        get: operation(`list_${name}s`, `List ${summary}`, {
          '200': { description: 'All of them.', ...content(listOf(schema)) },
        }),
      },
      [`${path}/{id}`]: {
        get: operation(
          `get_${name}`,
          `Show one of the ${summary}`,
          { '200': { description: 'It.', ...content(schema) } },
          { parameters: [named] },
        ),
      },
    };
  };
  return {
    '/scim/v2/ServiceProviderConfig': {
      get: operation('get_service_provider_config', 'Show what this service can do', {
        '200': { description: 'The configuration.', ...content({ type: 'object' }) },
      }),
    },
    ...described('resource_type', '/scim/v2/ResourceTypes', 'resource types'),
    ...described('schema', '/scim/v2/Schemas', 'schemas'),
    ...collection(
      'user',
      user,
      'Comparisons by `eq`, joined by `and`: of `userName`, `externalId`, `id`, `emails.value` or `active`. Anything else is refused.',
    ),
    ...collection(
      'group',
      group,
      'Comparisons by `eq`, joined by `and`: of `displayName`, `externalId` or `id`. Anything else is refused.',
    ),
  };
}
