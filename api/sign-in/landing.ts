import { z } from 'zod';

/** What came of a way through a provider: a session, whose refresh token is in the cookies, or a challenge to do more. */
export const Finished = z.object({
  session: z
    .union([z.object({ status: z.string(), challenge: z.string() }), z.object({ accessToken: z.string() })])
    .nullable(),
  returnTo: z.string(),
});

/**
 * Where the browser goes in the end. What there is still to do stands behind the #, which browsers send to nobody; an
 * access token does not: the page gets one by its cookie.
 */
export function landingUrl(address: string, { session, returnTo }: z.output<typeof Finished>): string {
  const url = new URL(`${address}${returnTo}`);
  if (session && 'challenge' in session) {
    url.hash = new URLSearchParams({ status: session.status, challenge: session.challenge }).toString();
  }
  return url.href;
}
