import { z } from 'zod';

const base = 'https://base.invalid';

/**
 * Where the browser goes in the end: a path on our own site. Whatever a browser would read as another site is refused,
 * such as `//example.com` or `/\example.com`.
 */
export const ReturnTo = z
  .string()
  .max(2000)
  .refine(isOwnPath, 'must be a path of this site')
  .default('/')
  .describe('Path of this site to go to afterwards');

function isOwnPath(path: string): boolean {
  if (!path.startsWith('/') || /[\\\p{Cc}]/u.test(path) || !URL.canParse(path, base)) return false;
  const url = new URL(path, base);
  return url.origin === base && !url.pathname.startsWith('//') && !path.startsWith('//');
}
