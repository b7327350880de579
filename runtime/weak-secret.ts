/** By what the secrets that `npm start` makes are known: the id of its encryption key, the `kid` of its signing key. */
export const developmentMark = 'development';

/** Keys that stand in public documents: RFC 8032 (7.1), which RFC 8037 uses too, and RFC 7748. */
const publishedKeys = new Set([
  '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
]);

/** Passwords that come with programs, or stand in examples. */
const commonPasswords = new Set(
  [
    'password postgres postgresql worksynapse worksynapse_app admin administrator root secret changeme change-me',
    'minioadmin redis default example test development letmein 12345678 123456789 1234567890 password1 password123',
  ].flatMap((line) => line.split(' ')),
);

const shortestPassword = 8;

/**
 * Why these 32 bytes are no random key, or undefined where nothing speaks against it: of random ones fewer than 16
 * different bytes, or printable characters only, come once in more than 10^13.
 */
export function keyWeakness(key: Buffer): string | undefined {
  if (publishedKeys.has(key.toString('hex'))) return 'is a published example';
  if (new Set(key).size < 16) return 'repeats itself';
  if (key.every((byte) => byte >= 0x20 && byte <= 0x7e)) return 'is text and not random bytes';
  const steps = new Set([...key].slice(1).map((byte, index) => (byte - (key[index] ?? 0)) & 0xff));
  if (steps.size < 4) return 'is a sequence';
  return undefined;
}

/** Why a password is none to use, or undefined. Never shows it. */
export function passwordWeakness(password: string): string | undefined {
  if (commonPasswords.has(password.toLowerCase())) return 'is an example or a default';
  if (password.length < shortestPassword) return `is shorter than ${shortestPassword} characters`;
  if (new Set(password).size < 4) return 'repeats itself';
  return undefined;
}
