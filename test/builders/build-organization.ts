import { randomUUID } from 'node:crypto';
import { Session } from '#domains/identity/session.js';
import type { Caller } from '#runtime/caller.js';
import type { BuilderApp } from './builder-app.js';

type User = Extract<Caller, { sessionId: string }>;

export interface BuiltOrganization {
  orgId: string;
  userId: string;
  /** The owner. */
  caller: User;
  accessToken: string;
  email: string;
  password: string;
}

/** A new organization with its owner, by signing up. */
export async function buildOrganization(
  app: BuilderApp,
  { name = 'Acme' }: { name?: string } = {},
): Promise<BuiltOrganization> {
  const email = `owner-${randomUUID()}@example.com`;
  const password = 'correct horse battery';
  const input = { organization: { name }, name: 'Olivia Owner', email, password };
  const made = Session.parse(await app.perform({ kind: 'anonymous' }, 'identity.sign_up', input));
  const orgId = made.organization.id;
  const userId = made.user.id;
  const { sessionId } = await app.services.accessTokens.verify(made.accessToken);
  return {
    orgId,
    userId,
    caller: { kind: 'user', orgId, userId, sessionId },
    accessToken: made.accessToken,
    email,
    password,
  };
}
