import { useSuspenseQueries } from '@tanstack/react-query';
import type { Permission } from '#core/action.js';
import { isPermitted } from '#core/permission.js';
import { platformOrgId } from '#core/platform.js';
import { flagsQuery, meQuery } from '../../api/queries.js';

/** What the person may do here, and what is switched on. The API decides in the end; this spares dead ends. */
export interface Rights {
  may(permission: string): boolean;
  isOn(flag: string): boolean;
  /** Signed in to the platform, which super-users run. */
  isOnPlatform: boolean;
}

/** Rights of the person who is signed in. Suspends until they are known. */
export function useRights(): Rights {
  const [{ data: me }, { data: flags }] = useSuspenseQueries({ queries: [meQuery, flagsQuery] });
  return rightsOf(me, flags.items);
}

/** Rights by what the API tells of the caller. */
export function rightsOf(
  { permissions, organization }: { permissions: readonly string[]; organization: { id: string } },
  flags: readonly { name: string; isOn: boolean }[],
): Rights {
  return {
    may: (permission) => isPermission(permission) && isPermitted(permissions, permission),
    isOn: (flag) => flags.some(({ name, isOn }) => name === flag && isOn),
    isOnPlatform: organization.id === platformOrgId,
  };
}

function isPermission(text: string): text is Permission {
  return text.includes(':') || text === 'public';
}
