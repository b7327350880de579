import type { FindingRule } from './finding.js';

const secret = (name: string, pattern: RegExp): FindingRule => ({ kind: 'secret', name, pattern });

/** Credentials by the forms that their issuers have published. */
export const secretRules: readonly FindingRule[] = [
  secret(
    'private_key',
    /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]{1,10000}?-----END [A-Z ]{0,20}PRIVATE KEY-----/g,
  ),
  secret('aws_access_key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g),
  secret('github_token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g),
  secret('gitlab_token', /\bglpat-[A-Za-z0-9_-]{20,64}\b/g),
  secret('slack_token', /\bxox[abeprs]-[A-Za-z0-9-]{10,250}\b/g),
  secret('slack_webhook', /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,100}/g),
  secret('anthropic_key', /\bsk-ant-[A-Za-z0-9_-]{20,200}/g),
  secret('openai_key', /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,200}/g),
  secret('google_key', /\bAIza[A-Za-z0-9_-]{35}\b/g),
  secret('stripe_key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,200}\b/g),
  secret('worksynapse_key', /\bwsk_[A-Za-z0-9_-]{20,200}/g),
  secret('webhook_secret', /\bwhsec_[A-Za-z0-9+/=]{20,100}/g),
  secret('jwt', /\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,6000}\.[A-Za-z0-9_-]{8,2000}/g),
  secret(
    'address_with_password',
    /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:[^\s:/@]{1,200}@[^\s/]{1,200}/g,
  ),
  secret(
    'password',
    /\b(?:password|passwd|passwort|api[_-]?key|secret|token)["']?\s{0,3}[:=]\s{0,3}["']?[^\s"',;]{8,200}/gi,
  ),
];
