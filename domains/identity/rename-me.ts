import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { enterOrg } from '#db/client.js';
import { users } from '#db/schema/index.js';
import { changeBetween } from '#runtime/audit/change-between.js';
import type { DomainContext } from '#runtime/domain.js';
import { titleField } from '#runtime/resource/text-field.js';
import { User } from './organization.js';
import { enterUser } from './person-context.js';

/** Changes the name of the person, as everybody sees it in each of their organizations. */
export const renameMe = defineAction({
  name: 'identity.rename',
  title: 'Change my name',
  description: 'Changes your name, as others see it in all of your organizations.',
  permission: 'self',
  effect: 'write',
  http: { method: 'patch', path: '/me' },
  input: z.strictObject({ name: titleField(200) }),
  output: User,
  async run({ db, actor: { userId, orgId }, audit }: DomainContext, { name }) {
    await enterUser(db, userId);
    const [before] = await db
      .select({ name: users.name })
      .from(users)
      .where(eq(users.id, userId))
      .for('update');
    const [user] = await db
      .update(users)
      .set({ name })
      .where(eq(users.id, userId))
      .returning({ id: users.id, name: users.name, email: users.email });
    if (!before || !user) throw new AppError('not_found', 'There is no such person');
    audit(changeBetween(before, user, ['name']));
    await enterOrg(db, orgId);
    return user;
  },
});
