import { randomBytes } from 'node:crypto';
import { domainToASCII } from 'node:url';
import mailProviders from 'email-providers';
import { z } from 'zod';
import { organizationDomains } from '#db/schema/index.js';

const freeMail: ReadonlySet<string> = new Set(mailProviders);
const pattern = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** A domain of a company, in ASCII and lower case. Refuses those where anybody gets an address. */
export const DomainName = z
  .string()
  .max(253)
  .transform((text) => domainToASCII(text.trim().toLowerCase()))
  .refine((name) => pattern.test(name), 'must be a domain such as example.com')
  .refine((name) => !freeMail.has(name), 'is a domain where anybody gets an address');

/** A domain as callers see it, with the record that proves it. */
export const CompanyDomain = z.object({
  id: z.uuid(),
  domain: z.string(),
  verifiedAt: z.string().nullable().describe('Null until the record was found'),
  joinRoleId: z
    .uuid()
    .nullable()
    .describe('What people with an address of the domain join as; null: nobody joins'),
  record: z.object({ type: z.literal('TXT'), name: z.string(), value: z.string() }),
  createdAt: z.string(),
});

/** Columns that CompanyDomain is made of. */
export const domainFields = {
  id: organizationDomains.id,
  domain: organizationDomains.domain,
  challenge: organizationDomains.challenge,
  verifiedAt: organizationDomains.verifiedAt,
  joinRoleId: organizationDomains.joinRoleId,
  createdAt: organizationDomains.createdAt,
};

/** What only who rules a domain can publish. */
export function makeChallenge(): string {
  return `worksynapse-domain=${randomBytes(20).toString('hex')}`;
}

/** A row with the record that proves it. */
export function presentDomain({
  challenge,
  ...row
}: Omit<z.output<typeof CompanyDomain>, 'record'> & { challenge: string }): z.output<typeof CompanyDomain> {
  const record = { type: 'TXT' as const, name: `_worksynapse.${row.domain}`, value: challenge };
  return { ...row, record };
}
