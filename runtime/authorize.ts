import { type ActionDescription, isForPeopleOnly, isOfPlatform, type Permission } from '#core/action.js';
import { asksByPolicy } from '#core/agents/definition.js';
import { AppError } from '#core/errors.js';
import { type FlagName, flags } from '#core/flags.js';
import { isPermitted, ownerRole } from '#core/permission.js';
import { isOpenToSupport } from '#core/support-reach.js';
import type { Actor } from './caller.js';

/** What the gates look at in an action. */
export type GatedAction = Pick<
  ActionDescription,
  'name' | 'permission' | 'effect' | 'module' | 'needsRecentSignIn' | 'holdsSecret'
>;

/** One question about an actor and an action. */
export interface Gate {
  name: 'module' | 'person' | 'super_user' | 'support' | 'role' | 'scopes' | 'recent_sign_in' | 'approval';
  /** The error with which it refuses; undefined where it lets the actor pass. */
  refusal(actor: Actor, action: GatedAction): AppError | undefined;
}

/** The gates before the input is looked at, in their order. They refuse with `module_off`, `forbidden` and `step_up_required`. */
export const gatesBeforeInput: readonly Gate[] = [
  { name: 'module', refusal: (actor, { module }) => module && moduleRefusal(actor, module) },
  { name: 'person', refusal: personRefusal },
  { name: 'super_user', refusal: superUserRefusal },
  { name: 'support', refusal: supportRefusal },
  { name: 'role', refusal: ({ permissions }, action) => permissionRefusal(permissions, action) },
  {
    name: 'scopes',
    refusal: ({ scopes }, action) => (scopes === null ? undefined : permissionRefusal(scopes, action)),
  },
  { name: 'recent_sign_in', refusal: recentSignInRefusal },
];

/** The gate after it: `approval_required` where the action's effect needs a person's consent before this kind of caller may do it. */
export const gatesAfterInput: readonly Gate[] = [{ name: 'approval', refusal: approvalRefusal }];

/** Throws what the first gate says that refuses. */
export function pass(gates: readonly Gate[], actor: Actor, action: GatedAction): void {
  for (const { refusal } of gates) {
    const error = refusal(actor, action);
    if (error) throw error;
  }
}

/** True if the permission is within both the person's permissions and the scopes of key or grant. */
export function holdsPermission(
  { permissions, scopes }: Pick<Actor, 'permissions' | 'scopes'>,
  wanted: Permission,
): boolean {
  return isPermitted(permissions, wanted) && (scopes === null || isPermitted(scopes, wanted));
}

/** True for an owner who has signed in: who acts neither through a key or an automation, nor by a mailed link. */
export function isOwner({ role, session }: Pick<Actor, 'role' | 'session'>): boolean {
  return role === ownerRole && session !== undefined;
}

/** Throws `module_off` where the organization has switched it off, or its plan has it not. */
export function requireOn(actor: Pick<Actor, 'off'>, name: FlagName): void {
  const error = moduleRefusal(actor, name);
  if (error) throw error;
}

function moduleRefusal({ off = [] }: Pick<Actor, 'off'>, name: FlagName): AppError | undefined {
  return off.includes(name)
    ? new AppError('module_off', `${flags[name].title}: switched off here`)
    : undefined;
}

function personRefusal({ session }: Actor, action: GatedAction): AppError | undefined {
  if (session || !isForPeopleOnly(action)) return undefined;
  return new AppError('forbidden', `${action.name} is only for people who have signed in`);
}

/** What is the platform's asks for one of its super-users, with a second factor; no role matters there. */
function superUserRefusal({ isSuperUser, session }: Actor, action: GatedAction): AppError | undefined {
  const { name, permission } = action;
  if (!isOfPlatform(permission)) return undefined;
  if (!isSuperUser) return new AppError('forbidden', `${name} is only for super-users of the platform`);
  if (session?.hasSecondFactor) return undefined;
  return new AppError(
    'step_up_required',
    `${name} needs a second factor: confirm who you are by authenticator app or passkey (POST /v1/me/confirm), then try again`,
  );
}

/** Refuses what support never reaches, and all but reading where no role was granted. */
function supportRefusal({ support }: Actor, action: GatedAction): AppError | undefined {
  if (!support || isOpenToSupport(action, support.isReadOnly)) return undefined;
  const extent = support.isReadOnly ? ', which may read' : '';
  return new AppError('forbidden', `${action.name} is not open to support${extent}`);
}

function permissionRefusal(held: readonly string[], { name, permission }: GatedAction): AppError | undefined {
  if (permission === 'self' || isOfPlatform(permission) || isPermitted(held, permission)) return undefined;
  return new AppError('forbidden', `${name} needs the permission ${permission}`);
}

/** Asks for a person who has just proven who they are. */
function recentSignInRefusal({ session }: Actor, action: GatedAction): AppError | undefined {
  if (!action.needsRecentSignIn) return undefined;
  // Whoever runs an identity provider must not get at what its people hold everywhere: passwords, passkeys.
  const isProven = action.permission === 'self' ? session?.isOwnProof : true;
  if (session?.isRecent && isProven) return undefined;
  return new AppError(
    'step_up_required',
    `${action.name} needs a sign-in of the last ten minutes: prove who you are by identity.confirm (POST /v1/me/confirm), then try again`,
  );
}

/** What an agent may not do by itself waits for a person; their consent widens no rights. */
function approvalRefusal({ kind, consent }: Actor, { name, effect }: GatedAction): AppError | undefined {
  if (kind !== 'agent' || consent?.isGiven) return undefined;
  if (!asksByPolicy(consent?.policy ?? 'by_effect', effect)) return undefined;
  return new AppError('approval_required', `${name} needs an approval before an agent may do it`);
}
