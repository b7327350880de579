import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const saltBytes = 16;

/** `salt:hash` of a mail address, both hex. Letter case does not matter. */
export function hashEmail(email: string, salt = randomBytes(saltBytes).toString('hex')): string {
  const hash = createHash('sha256').update(`${salt}\n${email.toLowerCase()}`).digest('hex');
  return `${salt}:${hash}`;
}

/** True if the hash was made of this address. */
export function isHashOf(emailHash: string, email: string): boolean {
  const [salt = ''] = emailHash.split(':');
  const [kept, made] = [Buffer.from(emailHash), Buffer.from(hashEmail(email, salt))];
  return kept.length === made.length && timingSafeEqual(kept, made);
}
