import { z } from 'zod';
import type { Services } from '#runtime/services.js';
import { Organization, User } from './organization.js';

/** What a person gets who has proven who they are. */
export const Session = z.object({
  accessToken: z.string().describe('Send it as Authorization: Bearer …'),
  expiresInSeconds: z.int(),
  user: User,
  organization: Organization,
});

/** Lets a person into an organization of which they are an active member. */
export async function openSession(
  { accessTokens }: Services,
  user: z.output<typeof User>,
  organization: z.output<typeof Organization>,
): Promise<z.output<typeof Session>> {
  const accessToken = await accessTokens.issue({ userId: user.id, orgId: organization.id });
  return { accessToken, expiresInSeconds: accessTokens.lifetimeSeconds, user, organization };
}
