import { randomUUID } from 'node:crypto';
import { platformOrgId } from '#core/platform.js';
import { logIn } from '#domains/identity/log-in.js';
import { openSession } from '#domains/identity/open-session.js';
import { createAdmin } from '#domains/identity/super-users/create-admin.js';
import type { Caller } from '#runtime/caller.js';
import { createCookieJar } from '#runtime/cookie-jar.js';
import { noOrigin } from '#runtime/request-origin.js';
import type { SignInMethod } from '#runtime/sign-in-challenges.js';
import type { BuilderApp } from './builder-app.js';

export interface BuiltSuperUser {
  userId: string;
  email: string;
  /** Signed in to the platform, with a second factor. */
  caller: Extract<Caller, { sessionId: string }>;
}

/** A person who runs the platform and is a member of nothing else; they have just signed in. */
export async function buildSuperUser(app: BuilderApp): Promise<BuiltSuperUser> {
  const email = `super-${randomUUID()}@example.com`;
  const { userId } = await createAdmin(app.services, { email, name: 'Sue Super' });
  return { userId, email, caller: await signInToPlatform(app, userId) };
}

/** One more session of a super-user. */
export async function signInToPlatform(
  { services }: BuilderApp,
  userId: string,
  methods: readonly SignInMethod[] = ['password', 'totp'],
): Promise<BuiltSuperUser['caller']> {
  const orgId = platformOrgId;
  const entrance = { orgId, userId, methods, action: logIn, origin: noOrigin, cookies: createCookieJar() };
  const { id } = await services.database.withUser(userId, (transaction) =>
    openSession(services, transaction, entrance),
  );
  return { kind: 'user', orgId, userId, sessionId: id };
}
