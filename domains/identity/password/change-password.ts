import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import { users } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { noteSecurityEvent } from '#runtime/security-events.js';
import { endEmailTokens } from '../email/email-token.js';
import { tellPerson } from '../email/tell-person.js';
import { hashPassword, NewPassword } from '../password.js';
import { enterUser } from '../person-context.js';
import { endSessions } from '../sessions/end-sessions.js';
import { refuseBreached } from './breached-password.js';

/** Changes the password, and ends all other sessions of the person everywhere. Throws `validation` naming `password`. */
export const changePassword = defineAction({
  name: 'identity.change_password',
  title: 'Change my password',
  description: 'Sets a new password. All of your other sessions end, in all organizations.',
  permission: 'self',
  effect: 'write',
  needsRecentSignIn: true,
  holdsSecret: true,
  http: { method: 'post', path: '/me/password' },
  emits: ['security.password_changed'],
  input: z.strictObject({ password: NewPassword }),
  output: z.object({ endedSessions: z.int() }),
  async outside({ services }: DomainContext, { password }) {
    return async () => {
      await refuseBreached(services, 'password', password);
      return hashPassword(password);
    };
  },
  async run(context: DomainContext, { password }, passwordHash) {
    const { db, actor } = context;
    const { userId, session } = actor;
    await enterUser(db, userId);
    const [user] = await db.select({ email: users.email }).from(users).where(eq(users.id, userId));
    const email = user?.email ?? '';
    if (email.toLowerCase() === password.toLowerCase()) {
      throw invalidField({ path: 'password', message: 'must not be the email address' });
    }
    await db.update(users).set({ passwordHash }).where(eq(users.id, userId));
    await endEmailTokens(db, userId, 'reset');
    const endedSessions = await endSessions(db, userId, { reason: 'password', except: session?.id });
    await tellPerson(context, {
      title: 'Your password was changed',
      text: 'Somebody who was signed in as you set a new password for your account. All other sessions were ended.',
    });
    await noteSecurityEvent(context, { kind: 'password_changed', userId });
    return { endedSessions };
  },
});
