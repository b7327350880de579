import { randomInt } from 'node:crypto';

const maxLength = 48;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Lower-case letters, digits and single hyphens of a name: `Zoë & Co.` becomes `zoe-co`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replace(/^-|-$/g, '');
  return slug || 'organization';
}

/** The slug with six random characters behind it, for where it is taken. */
export function variantOf(slug: string): string {
  const random = Array.from({ length: 6 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return `${slug}-${random.join('')}`;
}
