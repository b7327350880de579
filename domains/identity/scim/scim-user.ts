import { z } from 'zod';
import type { Configuration } from '#runtime/configuration.js';
import { publicUrl } from '#runtime/configuration.js';
import { textField } from '#runtime/resource/text-field.js';
import { emailFrom, nameFrom } from '../sso/proven-person.js';
import { scimSchema } from './scim-schemas.js';

const text = textField({ max: 500 }).nullish();

/** Entra sends booleans as text, with a capital letter. */
const ScimBoolean = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|false)$/i, 'must be true or false')
    .transform((value) => value.toLowerCase() === 'true'),
]);

const Plural = z
  .array(
    z.object({
      value: textField({ max: 500 }),
      type: text,
      primary: ScimBoolean.nullish(),
      display: text,
    }),
  )
  .max(20)
  .nullish();

/** What is kept of a user's attributes, as it was given; others are accepted and left out. RFC 7643, 4.1. */
const Attributes = z.object({
  name: z.object({ formatted: text, givenName: text, familyName: text, middleName: text }).nullish(),
  displayName: text,
  nickName: text,
  title: text,
  userType: text,
  preferredLanguage: text,
  locale: text,
  timezone: text,
  emails: Plural,
  phoneNumbers: Plural,
  [scimSchema.enterpriseUser]: z
    .object({ employeeNumber: text, costCenter: text, organization: text, division: text, department: text })
    .nullish(),
});

/** A user as an identity provider sends it, whole. */
export const ScimUserInput = Attributes.extend({
  userName: textField({ min: 1, max: 254 }),
  externalId: text,
  active: ScimBoolean.default(true),
});
export type ScimUserInput = z.output<typeof ScimUserInput>;

/** Attributes that a patch may name; by lower case, for SCIM does not tell cases apart. */
export const userAttributes = Object.keys(ScimUserInput.shape);

export const ScimUser = z.looseObject({
  schemas: z.array(z.string()),
  id: z.uuid(),
  userName: z.string(),
  active: z.boolean(),
  meta: z.object({
    resourceType: z.literal('User'),
    created: z.string(),
    lastModified: z.string(),
    location: z.string(),
  }),
});
export type ScimUser = z.output<typeof ScimUser>;

/** A member with what the provider said of them, if it did. */
export interface ScimUserRow {
  userId: string;
  email: string;
  name: string;
  isActive: boolean;
  userName: string;
  externalId: string | null;
  attributes: unknown;
  createdAt: string;
  updatedAt: string;
}

/** A member as the provider sees them: its own words first, what we know where it said nothing. */
export function presentScimUser(row: ScimUserRow, configuration: Configuration): ScimUser {
  const { userId: id, userName, externalId, isActive: active, createdAt, updatedAt } = row;
  const said = withoutEmpty(Attributes.parse(row.attributes ?? {}));
  const schemas: string[] = [scimSchema.user];
  if (scimSchema.enterpriseUser in said) schemas.push(scimSchema.enterpriseUser);
  return {
    displayName: row.name,
    emails: [{ value: row.email, type: 'work', primary: true }],
    ...said,
    schemas,
    id,
    userName,
    ...(externalId !== null && { externalId }),
    active,
    meta: {
      resourceType: 'User',
      created: isoOf(createdAt),
      lastModified: isoOf(updatedAt),
      location: `${publicUrl(configuration)}/scim/v2/Users/${id}`,
    },
  };
}

/** Attributes to be kept. */
export function keptAttributes(input: ScimUserInput): Record<string, unknown> {
  return withoutEmpty(Attributes.parse(input));
}

/** The mail address that an account has: the primary one, else that for work, else the first, else the user name. */
export function emailOf({ emails, userName }: ScimUserInput): string | undefined {
  const all = emails ?? [];
  const chosen = all.find(({ primary }) => primary) ?? all.find(({ type }) => type === 'work') ?? all[0];
  return emailFrom(chosen?.value) ?? emailFrom(userName);
}

/** The name that a new account gets. */
export function nameOf({ displayName, name, userName }: ScimUserInput): string {
  const whole = displayName ?? name?.formatted;
  return nameFrom(whole, name?.givenName, name?.familyName) ?? userName.slice(0, 200);
}

export function isoOf(moment: string): string {
  return new Date(moment).toISOString();
}

function withoutEmpty(attributes: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null));
}
