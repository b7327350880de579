import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { refuseInTransaction } from '#db/open-transactions.js';

/** argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A new password: 10 to 256 characters, no other rule (NIST SP 800-63B). */
export const NewPassword = z.string().min(10).max(256);

/**
 * Hashes a password in the PHC format, which carries parameters and salt. As this takes tens of milliseconds by intent, it
 * throws while a transaction is open.
 */
export async function hashPassword(password: string): Promise<string> {
  refuseInTransaction('A password is hashed');
  return hash(normalize(password), parameters);
}

let unknownHash: Promise<string> | undefined;

/** True if the password belongs to the hash. Without a hash it takes as long, and is false. Throws as `hashPassword` does. */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  refuseInTransaction('A password is verified');
  if (passwordHash != null) return verify(passwordHash, normalize(password));
  unknownHash ??= hashPassword('nobody has this password');
  await verify(await unknownHash, normalize(password));
  return false;
}

/** One password typed on two keyboards may differ in code points. */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
