import { AppError, type ErrorIssue } from '#core/errors.js';
import type { SsoConnectionRow } from './sso-connection.js';

type Checked = Pick<SsoConnectionRow, 'kind' | 'issuer' | 'clientId' | 'ssoUrl' | 'certificates'>;

/** Microsoft's issuers for everybody with an account there. */
const anyTenant = /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)\b/i;

/** Throws `validation` naming each field that a connection of its kind lacks, or that can't be of an organization's own. */
export function checkSsoConnection(connection: Checked): void {
  const issues = connection.kind === 'oidc' ? oidcIssues(connection) : samlIssues(connection);
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path}: ${first.message}`, { issues });
}

function oidcIssues({ issuer, clientId }: Checked): ErrorIssue[] {
  const issues: ErrorIssue[] = [];
  if (!isIssuer(issuer))
    issues.push({ path: 'issuer', message: 'must be an address without query or fragment' });
  if (anyTenant.test(issuer)) {
    const message = 'lets in everybody with an account at Microsoft: use the issuer of your tenant';
    issues.push({ path: 'issuer', message });
  }
  if (clientId === null) issues.push({ path: 'clientId', message: 'is needed for OpenID Connect' });
  return issues;
}

function samlIssues({ ssoUrl, certificates }: Checked): ErrorIssue[] {
  const issues: ErrorIssue[] = [];
  if (ssoUrl === null) issues.push({ path: 'ssoUrl', message: 'is needed for SAML' });
  if (certificates.length === 0) issues.push({ path: 'certificates', message: 'is needed for SAML' });
  return issues;
}

/** OpenID Connect Discovery 1.0, 4; http is for a guarded network to refuse, as far as it is not this machine. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '';
}
