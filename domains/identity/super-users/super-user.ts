import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { superUsers, users } from '#db/schema/index.js';

/** A person who runs the platform. */
export const SuperUser = z.object({
  id: z.uuid().describe('Of the person'),
  name: z.string(),
  email: z.string(),
  addedBy: z.uuid().nullable().describe('Null: by npm run create-admin'),
  createdAt: z.iso.datetime(),
});

export const superUserFields = {
  id: superUsers.userId,
  name: users.name,
  email: users.email,
  addedBy: superUsers.addedBy,
  createdAt: superUsers.createdAt,
};

export const isTheirs = eq(users.id, superUsers.userId);
