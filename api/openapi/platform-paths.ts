import type { Catalogue } from '#core/catalogue.js';
import type { Action } from '#runtime/domain.js';
import type { JsonSchema } from './json-schema.js';
import { problemReferences } from './problem-responses.js';
import { scimPaths } from './scim-paths.js';
import { signInPaths } from './sign-in-paths.js';

const tag = 'platform';
const text = { type: 'string' };

/** Tag of what is not an action: hooks, live streams, health. */
export const platformTag = {
  name: tag,
  description:
    'Webhook addresses, ways to sign in by identity providers, SCIM, live event streams, and the health of the service.',
};

/** Paths that are not derived from actions. */
export function platformPaths(catalogue: Catalogue<Action>): Record<string, JsonSchema> {
  const has = (name: string) => catalogue.actions.has(name);
  return {
    '/hooks/{provider}/{key}': { post: receiveDelivery },
    '/forms/{key}': { get: showForm, post: sendForm },
    ...(has('approvals.review') ? { '/approvals/{token}': { get: showApproval, post: sendDecision } } : {}),
    ...(has('sign_in.start') ? signInPaths(tag) : {}),
    ...(has('scim.list_users') ? scimPaths(tag) : {}),
    ...(has('runs.get') ? { '/v1/runs/{id}/events': { get: followRun } } : {}),
    ...(has('agent_runs.get') ? { '/v1/agent-runs/{id}/events': { get: followAgentRun } } : {}),
    ...(has('events.list') ? { '/v1/events': { get: followEvents } } : {}),
    ...(has('automations.list_presence') ? { '/v1/automations/{id}/presence': { get: followPresence } } : {}),
    ...(has('organization.set_logo') ? { '/v1/organization/logo': { get: showLogo, put: sendLogo } } : {}),
    ...(has('audit.get_export') ? { '/v1/audit/exports/{id}/file': { get: downloadExport } } : {}),
    ...(has('audit.list_archives')
      ? { '/v1/audit/archives/{lastPosition}/file': { get: downloadArchive } }
      : {}),
    '/healthz': { get: healthOperation('health.live', 'Tell whether the process is up', false) },
    '/readyz': {
      get: healthOperation('health.ready', 'Tell whether every service that it needs answers', true),
    },
  };
}

const parameter = (name: string, place: 'path' | 'header' | 'query', description: string) => ({
  name,
  in: place,
  required: place === 'path',
  description,
  schema: text,
});

const eventStream = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: text } },
});

const receiveDelivery: JsonSchema = {
  operationId: 'hooks.receive',
  summary: 'Receive a webhook delivery',
  description:
    'The address that a vendor, or anything that can send a request, posts to. `provider` is the app of the connection, or `webhook` for an automation of its own. A delivery is proven genuine, written once and acknowledged; the same delivery again is acknowledged as a duplicate. An automation may take other methods than POST, also at `/hooks/webhook/{key}/{path}` with a path of its own, and may let the sender wait: then the answer is that of its run, with `X-Run-Id`.',
  tags: [tag],
  security: [],
  parameters: [
    parameter('provider', 'path', 'App of the connection, or `webhook`.'),
    parameter('key', 'path', 'Key of the hook.'),
    parameter('webhook-id', 'header', 'For `webhook`: id of the delivery; a repeat is not run again.'),
  ],
  requestBody: {
    description: 'Files and whatever is not JSON, form fields or text are kept as files, up to 16 MiB.',
    content: {
      'application/json': { schema: {} },
      'application/x-www-form-urlencoded': { schema: { type: 'object' } },
      'multipart/form-data': { schema: { type: 'object' } },
      'text/plain': { schema: text },
      '*/*': { schema: { type: 'string', format: 'binary' } },
    },
  },
  responses: {
    '200': {
      description:
        "The vendor's handshake, answered; or the result of the run that is waited for. What a `respond` node says may have any status.",
    },
    '204': { description: 'The run that is waited for has neither answer nor result.' },
    '202': {
      description: 'The delivery is kept.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['deliveryId'],
            properties: { deliveryId: { type: 'string', format: 'uuid' }, duplicate: { type: 'boolean' } },
          },
        },
      },
    },
    ...problemReferences([
      'malformed',
      'unauthenticated',
      'not_found',
      'method_not_allowed',
      'payload_too_large',
      'unsupported_media_type',
      'validation',
      'limit_exceeded',
      'internal',
      'run_failed',
      'run_unfinished',
    ]),
  },
};

const page = (description: string) => ({ description, content: { 'text/html': { schema: text } } });

const showForm: JsonSchema = {
  operationId: 'forms.show',
  summary: 'Show a form',
  description: 'The page of an automation with a `form` trigger.',
  tags: [tag],
  security: [],
  parameters: [parameter('key', 'path', 'Key of the automation.')],
  responses: { '200': page('The form.'), '404': page('There is no such form.') },
};

const approvalToken = parameter(
  'token',
  'path',
  'From the link in the mail; the credential of this request.',
);

const approvalAnswers = {
  '403': page('The person may not decide this, or not any more.'),
  '404': page('The link is not valid.'),
  '410': page('The link has expired, time has run out, or the run was cancelled.'),
};

const showApproval: JsonSchema = {
  operationId: 'approvals.show_page',
  summary: 'Show what is to be decided',
  description: 'The page that the links in mails to approvers lead to. Decides nothing.',
  tags: [tag],
  security: [],
  parameters: [approvalToken],
  responses: { '200': page('What is asked, or what was decided.'), ...approvalAnswers },
};

const sendDecision: JsonSchema = {
  operationId: 'approvals.decide_by_link',
  summary: 'Decide by a mailed link',
  description:
    'What the page sends: the action `approvals.decide` of the person to whom the link was mailed.',
  tags: [tag],
  security: [],
  parameters: [approvalToken],
  requestBody: {
    content: {
      'application/x-www-form-urlencoded': {
        schema: {
          type: 'object',
          required: ['decision'],
          properties: { decision: { enum: ['approved', 'rejected'] }, comment: text },
          additionalProperties: true,
          description: 'Each field as `f.<key>`.',
        },
      },
    },
  },
  responses: {
    '303': { description: 'It is decided; on to the page that says so.' },
    ...approvalAnswers,
    '409': page('It was decided before; by whom.'),
    '422': page('The page again, with what is wrong.'),
    '429': page('Too many decisions from this network.'),
  },
};

const sendForm: JsonSchema = {
  operationId: 'forms.send',
  summary: 'Send a form',
  description:
    'What the page sends. The same form with the same content and `token` is one delivery, however often it is sent.',
  tags: [tag],
  security: [],
  parameters: [parameter('key', 'path', 'Key of the automation.')],
  requestBody: {
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: { token: { type: 'string', format: 'uuid' } },
          additionalProperties: true,
          description: 'Each field as `f.<key>`.',
        },
      },
    },
  },
  responses: {
    '303': { description: 'It was sent; on to the page that follows.' },
    '404': page('There is no such form.'),
    '413': page('It is too large.'),
    '422': page('The form again, with what is wrong.'),
    '429': page('It was sent too often.'),
  },
};

const streamProblems = problemReferences([
  'unauthenticated',
  'forbidden',
  'not_found',
  'validation',
  'limit_exceeded',
]);

const followRun: JsonSchema = {
  operationId: 'runs.follow',
  summary: 'Follow a run',
  description:
    'Server-sent events: `run` with the whole run at once and after each change, `end` when its status is final, `error` when the right to see it is gone.',
  tags: [tag],
  'x-permission': 'runs:read',
  parameters: [parameter('id', 'path', 'Id of the run.')],
  responses: { '200': eventStream('The run, until it ends.'), ...streamProblems },
};

const followAgentRun: JsonSchema = {
  operationId: 'agent_runs.follow',
  summary: 'Follow a run of an agent',
  description:
    'Server-sent events: `run` after each change, `message` and `step` for each that is new or has changed, `text` for each piece of what the model is saying (`step`, `attempt`, `text`; what an earlier attempt said is void), `end` when nothing more will come. After a break send the last id as `Last-Event-ID` and nothing is missed.',
  tags: [tag],
  'x-permission': 'agent_runs:read',
  parameters: [
    parameter('id', 'path', 'Id of the run.'),
    parameter(
      'Last-Event-ID',
      'header',
      'Id of the last event seen; without it the stream begins with the first message.',
    ),
  ],
  responses: { '200': eventStream('The run, until it ends or the client leaves.'), ...streamProblems },
};

const followEvents: JsonSchema = {
  operationId: 'events.follow',
  summary: 'Follow events',
  description:
    'Server-sent events: what happens in the organization, each named by its type. After a break send the last id as `Last-Event-ID` and nothing is missed. Ask with `Accept: text/event-stream`.',
  tags: [tag],
  parameters: [
    parameter('Last-Event-ID', 'header', 'Id of the last event seen; without it the stream begins now.'),
  ],
  responses: { '200': eventStream('Events, until the client leaves.'), ...streamProblems },
};

const followPresence: JsonSchema = {
  operationId: 'automations.follow_presence',
  summary: 'Follow presence',
  description:
    'With `Accept: text/event-stream`: an event `presence` with the same, at once and after each change.',
  tags: [tag],
  responses: { '200': eventStream('Events, until the client leaves.'), ...streamProblems },
};

const images = {
  'image/png': { schema: { type: 'string', format: 'binary' } },
  'image/jpeg': { schema: { type: 'string', format: 'binary' } },
  'image/gif': { schema: { type: 'string', format: 'binary' } },
  'image/webp': { schema: { type: 'string', format: 'binary' } },
};

const showLogo: JsonSchema = {
  operationId: 'organization.show_logo',
  summary: 'Show the logo of the organization',
  tags: [tag],
  'x-permission': 'identity:read',
  responses: {
    '200': { description: 'The image.', content: images },
    ...problemReferences(['unauthenticated', 'forbidden', 'not_found']),
  },
};

const file = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: 'string', format: 'binary' } } },
});

const downloadExport: JsonSchema = {
  operationId: 'audit.download_export',
  summary: 'Download an export of the audit log',
  description: 'The file of an export that is done. It can be had for seven days.',
  tags: [tag],
  'x-permission': 'audit:export',
  parameters: [parameter('id', 'path', 'Id of the export.')],
  responses: {
    '200': file('CSV or JSON lines, as it was asked for.', 'application/octet-stream'),
    ...problemReferences(['unauthenticated', 'forbidden', 'not_found', 'conflict', 'validation']),
  },
};

const downloadArchive: JsonSchema = {
  operationId: 'audit.download_archive',
  summary: 'Download an archive of the audit log',
  description: 'A file into which old entries were moved, with their seals and hashes.',
  tags: [tag],
  'x-permission': 'audit:export',
  parameters: [parameter('lastPosition', 'path', 'The last position that is in it.')],
  responses: {
    '200': file('JSON lines, gzipped.', 'application/gzip'),
    ...problemReferences(['unauthenticated', 'forbidden', 'not_found']),
  },
};

const sendLogo: JsonSchema = {
  operationId: 'organization.send_logo',
  summary: 'Set the logo of the organization',
  description: 'The bytes of an image, up to 1 MiB. What it is shows in its first bytes.',
  tags: [tag],
  'x-permission': 'organization:update',
  requestBody: { content: images },
  responses: {
    '200': {
      description: 'It is the logo now.',
      content: { 'application/json': { schema: { type: 'object' } } },
    },
    ...problemReferences(['unauthenticated', 'forbidden', 'payload_too_large', 'validation']),
  },
};

function healthOperation(operationId: string, summary: string, canFail: boolean): JsonSchema {
  const answer = (description: string) => ({
    description,
    content: { 'application/json': { schema: { type: 'object' } } },
  });
  return {
    operationId,
    summary,
    tags: [tag],
    security: [],
    responses: {
      '200': answer('Yes.'),
      ...(canFail ? { '503': answer('No; the answer says which service.') } : {}),
    },
  };
}
