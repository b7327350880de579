import { z } from 'zod';
import { Organization, User } from './organization.js';

/** What a person gets who has been let in. What keeps them signed in is a cookie, and never in here. */
export const Session = z.object({
  accessToken: z.string().describe('Send it as Authorization: Bearer …'),
  expiresInSeconds: z.int(),
  user: User,
  organization: Organization,
});
