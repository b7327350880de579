import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { AppError } from '#core/errors.js';

// Error strings: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the other methods' pages.

const credentialErrors = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

const permissionErrors = new Set([
  'access_denied',
  'ekm_access_denied',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'restricted_action',
  'restricted_action_non_threadable_channel',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
]);

const outageErrors = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

const rateLimitErrors = new Set(['rate_limited', 'ratelimited']);

/** The input field that an error is about, and what to say of it. */
const fieldErrors: Readonly<Record<string, { path: string; message: string }>> = {
  channel_not_found: {
    path: 'channel',
    message: 'Slack has no such channel, or the app is not allowed to see it.',
  },
  is_archived: { path: 'channel', message: 'The channel is archived.' },
  not_in_channel: { path: 'channel', message: 'The app has not been invited to this channel.' },
  msg_too_long: { path: 'text', message: 'The text is too long for Slack.' },
  no_text: { path: 'text', message: 'The message is empty.' },
  invalid_blocks: { path: 'blocks', message: 'Slack does not accept these blocks.' },
  invalid_blocks_format: { path: 'blocks', message: 'Slack does not accept the form of these blocks.' },
  msg_blocks_too_long: { path: 'blocks', message: 'The blocks are too long for Slack.' },
  cannot_reply_to_message: { path: 'thread_ts', message: 'This message cannot have replies.' },
  thread_not_found: { path: 'thread_ts', message: 'Slack has no such thread in this channel.' },
};

/** Any failure of a call to Slack as an AppError. */
export function toSlackError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof WebAPIRequestError && error.original instanceof AppError) return error.original;
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter);
  if (error instanceof WebAPIPlatformError) return platformError(error);
  return new AppError('provider_unavailable', 'Slack did not answer.', { cause: error });
}

function platformError(error: WebAPIPlatformError): AppError {
  const { error: name, response_metadata: metadata } = error.data;
  const field = fieldErrors[name];
  if (field) return new AppError('validation', field.message, { issues: [field] });
  if (credentialErrors.has(name)) {
    return new AppError('credentials_expired', 'Slack no longer accepts the token of this connection.');
  }
  if (name === 'missing_scope')
    return new AppError('forbidden', `The Slack app lacks the scope ${neededScope(error)}.`);
  if (permissionErrors.has(name)) return new AppError('forbidden', `Slack does not allow this: ${name}.`);
  if (rateLimitErrors.has(name)) return rateLimited(metadata?.retryAfter ?? 1);
  if (name === 'users_not_found')
    return new AppError('not_found', 'Slack knows nobody with this email address.');
  if (outageErrors.has(name) || !/^[a-z_]+$/.test(name)) {
    return new AppError('provider_unavailable', 'Slack is not available.', { cause: error });
  }
  return new AppError('validation', `Slack did not accept this: ${name}.`);
}

function neededScope({ data }: WebAPIPlatformError): string {
  return 'needed' in data && typeof data.needed === 'string' ? data.needed : 'for this';
}

function rateLimited(retryAfterSeconds: number): AppError {
  const message = 'Slack limits how often it may be called; it will be tried again.';
  return new AppError('limit_exceeded', message, { retryAfterMs: retryAfterSeconds * 1000 });
}
