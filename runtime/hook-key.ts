import { randomBytes } from 'node:crypto';

const pattern = /^[0-9a-f]{64}$/;

/**
 * The unguessable last part of a webhook address, and the local part of an inbound mail address: 64 characters, which
 * is what a mail address allows. It leads to its organization, and is checked against a row of that organization.
 */
export function createHookKey(orgId: string): string {
  return orgId.replaceAll('-', '') + randomBytes(16).toString('hex');
}

/** The organization that a key says it belongs to; undefined if it is not a key. */
export function orgOfHookKey(key: string): string | undefined {
  if (!pattern.test(key)) return undefined;
  return key.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
