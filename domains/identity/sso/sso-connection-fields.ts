import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { textField, titleField } from '#runtime/resource/text-field.js';
import { RoleMapping } from './role-mapping.js';

const maxAddressLength = 2048;

const Domain = z
  .string()
  .max(253)
  .trim()
  .toLowerCase()
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
    'must be a mail domain such as example.com',
  );

const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'must be a scope of OAuth');

const Certificate = z
  .string()
  .max(20_000)
  .transform((text, context) => {
    try {
      return new X509Certificate(pemOf(text)).toString();
    } catch {
      context.addIssue({ code: 'custom', message: 'must be an X.509 certificate, PEM or base64' });
      return z.NEVER;
    }
  });

/** What can be changed of a connection. Absent fields of a new one have the values of `ssoConnectionDefaults`. */
export const SsoConnectionChanges = z.object({
  name: titleField(200),
  issuer: textField({ min: 1, max: maxAddressLength }).describe(
    'OpenID Connect: the address that the provider names itself by; SAML: its entity id',
  ),
  clientId: textField({ min: 1, max: 500 }).nullable(),
  clientSecret: textField({ min: 1, max: 2000 }).nullable().describe('Encrypted, never shown; null: none'),
  scopes: z.array(Scope).max(20).describe('OpenID Connect, besides openid'),
  ssoUrl: z
    .url({ protocol: /^https?$/ })
    .max(maxAddressLength)
    .nullable()
    .describe('SAML: its address for requests'),
  certificates: z.array(Certificate).max(5).describe('SAML: the certificates that it signs with'),
  domains: z
    .array(Domain)
    .max(100)
    .transform((domains) => [...new Set(domains)])
    .describe('Mail domains; each counts once the organization has proven it'),
  defaultRoleId: z.uuid().describe('Role of those whom the mapping gives none'),
  roleClaim: textField({ min: 1, max: 500 }).describe('Claim or attribute that roles are mapped from'),
  roleMapping: RoleMapping.describe(
    'The first entry whose value a person has gives the role; never that of owners',
  ),
  createsMembers: z.boolean().describe('Whoever is new becomes a member'),
  updatesRoles: z.boolean().describe('The mapping is applied at each sign-in; owners stay owners'),
  isEnforced: z.boolean().describe('People of the domains can not sign in by password, except owners'),
  isActive: z.boolean(),
});

export const ssoConnectionDefaults = {
  clientId: null,
  scopes: ['email', 'profile'],
  ssoUrl: null,
  certificates: [],
  domains: [],
  roleClaim: 'groups',
  roleMapping: [],
  createsMembers: true,
  updatesRoles: false,
  isEnforced: false,
  isActive: true,
};

function pemOf(text: string): string {
  if (text.includes('-----BEGIN')) return text;
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/\s/g, '')}\n-----END CERTIFICATE-----`;
}
