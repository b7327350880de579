import { and, eq } from 'drizzle-orm';
import { members, roles } from './schema/index.js';

/** Joins a member with the role that they have. */
export const roleOfMember = and(eq(roles.orgId, members.orgId), eq(roles.id, members.roleId));
