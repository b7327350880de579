import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { enterOrg } from '#db/client.js';
import type { DomainContext } from '#runtime/domain.js';
import { listOrganizations } from './memberships.js';
import { Organization } from './organization.js';
import { enterUser } from './person-context.js';

/** The organizations of which the caller is an active member, oldest membership first: where they may switch to. */
export const listOwnOrganizations = defineAction({
  name: 'identity.list_organizations',
  title: 'List my organizations',
  description: 'Lists the organizations of which you are an active member.',
  permission: 'self',
  effect: 'read',
  http: { method: 'get', path: '/me/organizations' },
  input: z.strictObject({}),
  output: z.object({ items: z.array(Organization) }),
  async run({ db, actor }: DomainContext) {
    await enterUser(db, actor.userId);
    const items = await listOrganizations(db, actor.userId);
    await enterOrg(db, actor.orgId);
    return { items };
  },
});
