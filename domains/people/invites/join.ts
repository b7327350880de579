import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction, definePublicAction, type PublicAction } from '#core/action.js';
import { enterOrg } from '#db/client.js';
import { users } from '#db/schema/index.js';
import { auditEntry } from '#runtime/audit.js';
import type { DomainContext, PublicContext } from '#runtime/domain.js';
import { findInvite, invalidInvite } from '#runtime/membership/find-invite.js';
import { acceptInvite } from '#runtime/membership/join.js';
import { tellJoined } from '#runtime/membership/tell-membership.js';
import { writeRecords } from '#runtime/records.js';

const secret = {
  token: z.string().max(200).optional().describe('From the mail'),
  code: z.string().max(40).optional().describe('As it was given'),
};

const isOne = ({ token, code }: { token?: string | undefined; code?: string | undefined }) =>
  (token === undefined) !== (code === undefined);

const oneSecret = { path: ['token'], message: 'give a token or a code, and not both' };

/** Shows what an invite leads to, to who has its token or code. Throws the one `not_found` of invites. */
export const showInvite: PublicAction<PublicContext> = definePublicAction({
  name: 'invites.show',
  title: 'Show invite',
  description: 'Shows to which organization an invite leads.',
  effect: 'read',
  isGuessable: true,
  http: { method: 'post', path: '/invites/show' },
  input: z.strictObject(secret).refine(isOne, oneSecret),
  output: z.object({
    organization: z.object({ name: z.string() }),
    role: z.object({ name: z.string() }),
    email: z.string().nullable().describe('For whom it is; null: for whoever has the code'),
    expiresAt: z.string(),
  }),
  async run({ services }: PublicContext, input) {
    return services.database.withoutOrg((db) => findInvite(db, services.vault, input, false));
  },
});

/**
 * Lets a person who is signed in, in another organization, join the one of an invite. Joining twice changes nothing.
 * Throws the one `not_found` of invites, also for an invite to another address, and `forbidden` for keys and automations.
 */
export const joinByInvite = defineAction({
  name: 'invites.join',
  title: 'Join by invite',
  description: 'Makes you, who are signed in, a member of the organization that an invite leads to.',
  permission: 'self',
  effect: 'write',
  isGuessable: true,
  http: { method: 'post', path: '/invites/join' },
  input: z.strictObject(secret).refine(isOne, oneSecret),
  output: z.object({ organization: z.object({ id: z.uuid(), name: z.string(), slug: z.string() }) }),
  async run({ db, actor, services, origin }: DomainContext, input) {
    const [person] = await db.select({ email: users.email }).from(users).where(eq(users.id, actor.userId));
    const invite = await findInvite(db, services.vault, input, true);
    const { orgId, organization } = invite;
    const isForThem = invite.email === null || invite.email.toLowerCase() === person?.email.toLowerCase();
    if (!isForThem) throw invalidInvite();
    const joined = await acceptInvite(db, invite, actor.userId);
    if (joined) {
      const audit = auditEntry({ ...actor, orgId }, joinByInvite, {
        input: { id: invite.id },
        output: undefined,
        requestId: undefined,
        change: { after: { roleId: joined.roleId, by: joined.by } },
      });
      await writeRecords(db, { orgId, audit });
      const principal = { kind: actor.kind, id: actor.id };
      await tellJoined(services, db, { orgId, joined, principal, origin });
    }
    // What the call itself leaves behind belongs to the organization in which it was made.
    await enterOrg(db, actor.orgId);
    return { organization };
  },
});
