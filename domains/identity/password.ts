import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { refuseInTransaction } from '#db/open-transactions.js';
import { createFairQueue } from '#runtime/fair-queue.js';

/** argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * A hash takes one of libuv's threads for as long as it takes. One thread stays free for what else needs one, such as the
 * signing of a token within a transaction, and no core is shared by two.
 */
const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
const hashing = createFairQueue(Math.max(1, Math.min(availableParallelism(), threads - 1)));
const inTurn = <Result>(work: () => Promise<Result>) => hashing.run('passwords', work);

/** A new password: 10 to 256 characters, no other rule (NIST SP 800-63B). */
export const NewPassword = z.string().min(10).max(256);

/**
 * Hashes a password in the PHC format, which carries parameters and salt. As this takes tens of milliseconds by intent, it
 * throws while a transaction is open.
 */
export async function hashPassword(password: string): Promise<string> {
  refuseInTransaction('A password is hashed');
  return inTurn(() => hash(normalize(password), parameters));
}

let unknownHash: Promise<string> | undefined;

/** True if the password belongs to the hash. Without a hash it takes as long, and is false. Throws as `hashPassword` does. */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  refuseInTransaction('A password is verified');
  unknownHash ??= hashPassword('nobody has this password');
  const known = passwordHash ?? (await unknownHash);
  const isRight = await inTurn(() => verify(known, normalize(password)));
  return passwordHash != null && isRight;
}

/** One password typed on two keyboards may differ in code points. */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
