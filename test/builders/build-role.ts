import { z } from 'zod';
import { Role } from '#domains/people/role.js';
import type { Caller } from '#runtime/caller.js';
import { Member } from '#runtime/membership/member.js';
import { buildMember } from './build-member.js';
import type { BuilderApp } from './builder-app.js';

const Roles = z.object({ items: z.array(Role) });
const Members = z.object({ items: z.array(Member) });

/** A custom role with these permissions, made by `caller`. */
export async function buildRole(
  app: BuilderApp,
  caller: Caller,
  permissions: readonly string[],
  key = `role_${Math.random().toString(36).slice(2)}`,
): Promise<z.output<typeof Role>> {
  return Role.parse(await app.perform(caller, 'roles.create', { key, name: key, permissions }));
}

/** A person with a custom role of these permissions. */
export async function buildMemberWith(
  app: BuilderApp,
  { orgId, caller }: { orgId: string; caller: Caller },
  permissions: readonly string[],
) {
  const role = await buildRole(app, caller, permissions);
  return { ...(await buildMember(app, { orgId }, role.key)), role };
}

/** The role with this key, as `caller` sees it. */
export async function roleWithKey(app: BuilderApp, caller: Caller, key: string) {
  const { items } = Roles.parse(await app.perform(caller, 'roles.list', { limit: 200 }));
  const found = items.find((role) => role.key === key);
  if (!found) throw new Error(`There is no role ${key}`);
  return found;
}

/** The membership of a user, as `caller` sees it. */
export async function memberOf(app: BuilderApp, caller: Caller, userId: string) {
  for (const status of ['active', 'deactivated', 'removed']) {
    const { items } = Members.parse(await app.perform(caller, 'members.list', { limit: 200, status }));
    const found = items.find((member) => member.userId === userId);
    if (found) return found;
  }
  throw new Error(`There is no member ${userId}`);
}
