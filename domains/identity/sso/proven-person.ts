import type { Claims } from '#runtime/sign-in/oidc-client.js';

/** Who a provider says that somebody is. */
export interface ProvenPerson {
  subject: string;
  /** Undefined if the provider gave none that is an address. */
  email: string | undefined;
  /** True only if the provider says that the person has the address; undefined if it says nothing. */
  isEmailVerified: boolean | undefined;
  name: string | undefined;
  /** What roles are mapped from. */
  roleValues: string[];
}

const maxNameLength = 200;
const maxRoleValues = 1000;
const mailAddress = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u;
const microsoftIssuer = /^https:\/\/login\.microsoftonline\.com\//;

/** The person in verified claims. Values of roles are those of `roleClaim`, a text or a list of texts. */
export function personOfClaims(
  claims: Claims,
  { roleClaim = '', isMicrosoft = microsoftIssuer.test(claims.iss) } = {},
): ProvenPerson {
  const email = emailFrom(claims.email);
  return {
    subject: claims.sub,
    email,
    isEmailVerified: email === undefined ? undefined : isVerified(claims, isMicrosoft),
    name: nameFrom(claims.name, claims.given_name, claims.family_name),
    roleValues: textsIn(claims[roleClaim]),
  };
}

/**
 * Microsoft lets administrators of any tenant write any address into `email`; only `xms_edov` says that its domain
 * belongs to the tenant.
 */
function isVerified(claims: Claims, isMicrosoft: boolean): boolean | undefined {
  if (isMicrosoft) return isTrue(claims.xms_edov);
  return claims.email_verified === undefined ? undefined : isTrue(claims.email_verified);
}

function isTrue(claim: unknown): boolean {
  return claim === true || claim === 'true' || claim === 1 || claim === '1';
}

/** A mail address, or undefined for anything else. */
export function emailFrom(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 254 && mailAddress.test(value) ? value : undefined;
}

/** The name as a whole, else put together. */
export function nameFrom(whole: unknown, given?: unknown, family?: unknown): string | undefined {
  const parts = typeof whole === 'string' && whole.trim() !== '' ? [whole] : [given, family];
  const name = parts
    .filter((part): part is string => typeof part === 'string')
    .join(' ')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, maxNameLength);
  return name === '' ? undefined : name;
}

export function textsIn(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((entry): entry is string => typeof entry === 'string').slice(0, maxRoleValues);
}

/** Names of the attributes in use for a mail address: plain, of Entra, of LDAP. */
const emailAttributes = [
  'email',
  'mail',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
];
const nameAttributes = [
  'displayName',
  'name',
  'http://schemas.microsoft.com/identity/claims/displayname',
  'urn:oid:2.16.840.1.113730.3.1.241',
];

/**
 * The person in a verified SAML assertion. SAML has no word for verified addresses: an assertion is of the organization's
 * own directory, and counts for addresses of its proven domains only.
 */
export function personOfAssertion(
  { subject, attributes }: { subject: string; attributes: Readonly<Record<string, unknown>> },
  roleClaim: string,
): ProvenPerson {
  const read = (names: readonly string[]) => names.flatMap((name) => textsIn(attributes[name]))[0];
  const email = emailFrom(read(emailAttributes)) ?? emailFrom(subject);
  return {
    subject,
    email,
    isEmailVerified: email === undefined ? undefined : true,
    name: nameFrom(read(nameAttributes)),
    roleValues: textsIn(attributes[roleClaim]),
  };
}
