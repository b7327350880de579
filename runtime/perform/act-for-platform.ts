import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionDescription } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { platformOrgId } from '#core/platform.js';
import { enterOrg, type Transaction } from '#db/client.js';
import { organizations } from '#db/schema/index.js';
import type { Actor } from '../caller.js';

const Named = z.object({ organizationId: z.uuid() });

/**
 * A super-user who has been let in, as who acts for the platform. Where the action happens in an organization, the
 * transaction is moved there: rows, audit entry and events are that organization's. Throws `not_found` where there is none.
 */
export async function actForPlatform(
  transaction: Transaction,
  actor: Actor,
  action: ActionDescription,
  input: unknown,
): Promise<Actor> {
  const acting = { ...actor, kind: 'super_user', via: 'platform' } as const;
  if (!action.isInOrganization) return acting;
  const { organizationId: orgId } = Named.parse(input);
  await enterOrg(transaction, orgId);
  const [found] = await transaction
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, orgId));
  if (!found || orgId === platformOrgId) throw new AppError('not_found', 'There is no such organization');
  return { ...acting, orgId };
}
