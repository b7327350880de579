import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token says of itself; that it is genuine, only the hash of its row shows. */
export interface BoundToken {
  /** The organization or person whose row it is. */
  ownerId: string;
  rowId: string;
  secret: Buffer;
}

const tokenPattern = /^[A-Za-z0-9_-]{86}$/;
const idBytes = 16;
const secretBytes = 32;

/** A new token: `prefix` and base64url of the owner's id, the row's id and 256 bits, at random unless given. */
export function makeBoundToken(
  prefix: string,
  { ownerId, rowId, secret = randomBytes(secretBytes) }: Omit<BoundToken, 'secret'> & { secret?: Buffer },
): string {
  const bytes = Buffer.concat([uuidBytes(ownerId), uuidBytes(rowId), secret]);
  return `${prefix}${bytes.toString('base64url')}`;
}

/** Whose token it claims to be, or undefined where it has not the form of one. */
export function parseBoundToken(prefix: string, token: string): BoundToken | undefined {
  const encoded = token.slice(prefix.length);
  if (!token.startsWith(prefix) || !tokenPattern.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64url');
  return { ownerId: uuidAt(bytes, 0), rowId: uuidAt(bytes, idBytes), secret: bytes.subarray(2 * idBytes) };
}

/** SHA-256 in hex. With 256 random bits in what is hashed, a slow hash would add nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares two hashes in constant time. */
export function isSameHash(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidAt(bytes: Buffer, start: number): string {
  const hex = bytes.subarray(start, start + idBytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
