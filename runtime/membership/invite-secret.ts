import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Vault } from '../vault.js';

/** What somebody has who was invited. */
export interface InviteSecret {
  token?: string | undefined;
  code?: string | undefined;
}

/** Without what looks alike when it is read out or typed: 0 and O, 1, I and L, and no U. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 10;
const tokenPattern = /^wsi_[A-Za-z0-9_-]{86}$/;
const idBytes = 16;
const secretBytes = 32;

/** A token for a mail: `wsi_` and base64url of organization id, invite id and 256 random bits. */
export function makeInviteToken(orgId: string, inviteId: string): string {
  const bytes = Buffer.concat([bytesOf(orgId), bytesOf(inviteId), randomBytes(secretBytes)]);
  return `wsi_${bytes.toString('base64url')}`;
}

/** Whose token it claims to be; undefined where it has not the form of one. */
export function parseInviteToken(token: string): { orgId: string; id: string } | undefined {
  if (!tokenPattern.test(token)) return undefined;
  const bytes = Buffer.from(token.slice('wsi_'.length), 'base64url');
  return { orgId: uuidAt(bytes, 0), id: uuidAt(bytes, idBytes) };
}

/** SHA-256, hex. The token has 256 random bits, so a slow hash would add nothing. */
export function hashInviteToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Ten characters for people to type, 49 bits. */
export function makeInviteCode(): string {
  return Array.from({ length: codeLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** What may be stored of a code: however it was typed, with spaces, hyphens or in lower case. */
export function macsOfCode(vault: Pick<Vault, 'macs'>, code: string): [string, ...string[]] {
  return vault.macs(`invite ${code.replace(/[\s-]/g, '').toUpperCase()}`);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidAt(bytes: Buffer, start: number): string {
  const hex = bytes.subarray(start, start + idBytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
