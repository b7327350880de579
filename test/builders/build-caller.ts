import { logIn } from '#domains/identity/log-in.js';
import { openSession } from '#domains/identity/open-session.js';
import type { Caller } from '#runtime/caller.js';
import { createCookieJar } from '#runtime/cookie-jar.js';
import { noOrigin } from '#runtime/request-origin.js';
import type { BuilderApp } from './builder-app.js';

/** A member who has just signed in. */
export async function buildCaller(
  { services }: BuilderApp,
  { orgId, userId }: { orgId: string; userId: string },
): Promise<Extract<Caller, { sessionId: string }>> {
  const entrance = { orgId, userId, methods: ['password' as const], action: logIn };
  const { id } = await services.database.withUser(userId, (transaction) =>
    openSession(services, transaction, { ...entrance, origin: noOrigin, cookies: createCookieJar() }),
  );
  return { kind: 'user', orgId, userId, sessionId: id };
}
