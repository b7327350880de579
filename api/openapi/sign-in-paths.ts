import type { JsonSchema } from './json-schema.js';
import { problemReferences } from './problem-responses.js';

const text = { type: 'string' };
const page = (description: string): JsonSchema => ({
  description,
  content: { 'text/html': { schema: text } },
});
const inPath = (name: string, description: string): JsonSchema => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: text,
});
const inQuery = (name: string, description: string): JsonSchema => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: text,
});

const provider = inPath(
  'provider',
  '`google`, `microsoft` or `github`, or the key of one of an organization’s connections.',
);
const returnTo = 'A path of this address to which the browser is led at the end.';
const refusals: JsonSchema = {
  '404': page('There is no such way to sign in.'),
  '429': page('Too many tries from this network.'),
};

/** The way of a browser to an identity provider and back (api/sign-in/). */
export function signInPaths(tag: string): Record<string, JsonSchema> {
  const operation = (operationId: string, summary: string, description: string): JsonSchema => ({
    operationId,
    summary,
    description,
    tags: [tag],
    security: [],
  });
  return {
    '/v1/sign-in/{provider}/start': {
      get: {
        ...operation(
          'browser_sign_in.start',
          'Send a browser to an identity provider',
          'To be opened in a browser, not fetched: it sets a cookie that binds the way back to this browser, and leads on to the provider (OpenID Connect with PKCE, or SAML).',
        ),
        parameters: [provider, inQuery('returnTo', returnTo)],
        responses: { '303': { description: 'To the provider.' }, ...refusals },
      },
    },
    '/v1/sign-in/{provider}/link': {
      post: {
        ...operation(
          'browser_sign_in.link',
          'Begin to link an identity',
          'For pages of this address: starts the way to a provider whose identity is to become one more of whoever is signed in. The page leads the browser to `redirectUrl`.',
        ),
        security: [{ bearer: [] }],
        parameters: [provider],
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object', properties: { returnTo: { ...text, description: returnTo } } },
            },
          },
        },
        responses: {
          '200': {
            description: 'Where to go.',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['redirectUrl'],
                  properties: { redirectUrl: { ...text, format: 'uri' } },
                },
              },
            },
          },
          ...problemReferences(['unauthenticated', 'forbidden', 'not_found', 'validation']),
        },
      },
    },
    '/v1/sign-in/callback': {
      get: {
        ...operation(
          'browser_sign_in.callback',
          'Take the answer of an OpenID provider',
          'The redirect address to register with a provider. It shows a page that leads on to `/v1/sign-in/finish` with the same query.',
        ),
        parameters: [
          inQuery('state', 'As it was given to the provider.'),
          inQuery('code', 'The authorization code.'),
          inQuery('error', 'Where the provider refuses.'),
        ],
        responses: { '200': page('A page that leads on.') },
      },
    },
    '/v1/sign-in/finish': {
      get: {
        ...operation(
          'browser_sign_in.finish',
          'Sign in by the answer of a provider',
          'Redeems the answer, in the browser that began only and once, and sets the session cookie. Where more is asked for (a second factor), the browser is led to the page for it with a challenge.',
        ),
        parameters: [inQuery('state', 'As it was given to the provider.')],
        responses: {
          '303': { description: 'Signed in, or what is missing; to the page of either.' },
          ...refusals,
        },
      },
    },
    '/saml/{connection}/metadata': {
      get: {
        ...operation(
          'saml.metadata',
          'Show the SAML metadata',
          'What a SAML identity provider has to know of a connection: entity id and the address for assertions.',
        ),
        parameters: [inPath('connection', 'Key of the connection: 64 hex digits.')],
        responses: {
          '200': {
            description: 'EntityDescriptor of a service provider.',
            content: { 'application/samlmetadata+xml': { schema: text } },
          },
          ...problemReferences(['not_found']),
        },
      },
    },
    '/saml/{connection}/acs': {
      post: {
        ...operation(
          'saml.receive',
          'Take an assertion of a SAML provider',
          'The assertion consumer service (HTTP-POST). The assertion must be signed, name this address and our request, and counts once. It shows a page that leads on to `/v1/sign-in/finish`.',
        ),
        parameters: [inPath('connection', 'Key of the connection: 64 hex digits.')],
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                required: ['SAMLResponse'],
                properties: { SAMLResponse: { ...text, format: 'byte' }, RelayState: text },
              },
            },
          },
        },
        responses: { '200': page('A page that leads on.'), ...refusals },
      },
    },
  };
}
