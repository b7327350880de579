import type { JsonSchema } from './json-schema.js';

const token: JsonSchema = {
  name: 'token',
  in: 'path',
  required: true,
  description: 'The token of the mailed link.',
  schema: { type: 'string' },
};

const page = (description: string): JsonSchema => ({
  description,
  content: { 'text/html': { schema: { type: 'string' } } },
});

const form = (properties: JsonSchema): JsonSchema => ({
  content: {
    'application/x-www-form-urlencoded': {
      schema: { type: 'object', required: Object.keys(properties), properties },
    },
  },
});

/** The pages behind links that were mailed to a person (api/account/). */
export function accountPaths(tag: string): Record<string, JsonSchema> {
  const show = (operationId: string, summary: string): JsonSchema => ({
    operationId,
    summary,
    description: 'The page that the mailed link leads to. Does nothing by itself.',
    tags: [tag],
    security: [],
    parameters: [token],
    responses: { '200': page('The page.') },
  });
  const send = (operationId: string, summary: string, properties: JsonSchema): JsonSchema => ({
    operationId,
    summary,
    description: `What the page sends: the action \`${summary}\`.`,
    tags: [tag],
    security: [],
    parameters: [token],
    requestBody: form(properties),
    responses: {
      '200': page('It is done.'),
      '422': page('The link is not valid, or the page again, with what is wrong.'),
      '429': page('Too many tries from this network.'),
    },
  });
  return {
    '/account/verify-email/{token}': {
      get: show('account.show_verification', 'Show the page to confirm an email address'),
      post: send('account.verify_email', 'identity.verify_email', {}),
    },
    '/account/reset-password/{token}': {
      get: show('account.show_reset', 'Show the page to set a new password'),
      post: send('account.reset_password', 'identity.reset_password', {
        password: { type: 'string', format: 'password' },
      }),
    },
  };
}
