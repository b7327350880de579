import { isOfPlatform } from '#core/action.js';
import { AppError } from '#core/errors.js';
import { flags } from '#core/flags.js';
import { isPermitted } from '#core/permission.js';
import { type Gate, type GatedAction, gatesAfterInput, gatesBeforeInput } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import { keyGates } from '#runtime/key-standing.js';
import { grantRefusal, membershipRefusal, organizationRefusal } from '#runtime/standing.js';
import { answerOf, type GateAnswer } from './gate-answer.js';
import type { FoundPrincipal } from './principal.js';

/** What the gates answer, but the last: in the order in which a call meets them. `address`: from where a key is used. */
export function askGates(
  principal: FoundPrincipal,
  action: GatedAction,
  address: string | undefined,
): GateAnswer[] {
  return [
    ...askKey(principal, address),
    askMembership(principal),
    askOrganization(principal),
    ...askSecondFactor(principal),
    ...askGrant(principal),
    ...[...gatesBeforeInput, ...gatesAfterInput].flatMap((gate) => askGate(gate, principal, action)),
  ];
}

/** A key is refused where it comes in, before anything is known of its person. */
function askKey({ credential }: FoundPrincipal, address: string | undefined): GateAnswer[] {
  if (credential.kind !== 'api_key') return [];
  const { name, key } = credential;
  const networks = key.allowedNetworks.join(', ');
  const failed = keyGates.filter(({ isPassed }) => !isPassed(key, address)).map(({ reason }) => reason);
  const refusal = (isRefused: boolean) =>
    isRefused ? new AppError('unauthenticated', 'The API key is not valid') : undefined;
  const validity = answerOf('key', refusal(failed.includes('revoked') || failed.includes('expired')), {
    passed: `The API key ${name} is valid.`,
    refused: `The API key ${name} ${failed.includes('revoked') ? 'is revoked' : 'has expired'}.`,
  });
  if (networks === '') return [validity];
  const network = answerOf('network', refusal(address !== undefined && failed.includes('network')), {
    passed:
      address === undefined
        ? `The key is good from ${networks} only; no address was given to look at.`
        : `${address} is within ${networks}.`,
    refused: `The key is good from ${networks} only.`,
  });
  return [validity, network];
}

function askMembership({ name, standing }: FoundPrincipal): GateAnswer {
  return answerOf('membership', membershipRefusal(standing), {
    passed: `${name} is an active member of the organization.`,
    refused: `${name} is ${standing.status}: nobody acts by their rights.`,
  });
}

function askOrganization({ standing, actor }: FoundPrincipal): GateAnswer {
  const refusal = organizationRefusal(standing, actor.session !== undefined);
  return answerOf('organization', refusal, {
    passed:
      standing.eraseAt === null
        ? 'The organization is there.'
        : 'The organization is deleted; its owners can still act in it.',
    refused:
      refusal?.code === 'organization_suspended'
        ? 'The organization is suspended by the platform: nobody acts in it until that ends.'
        : 'The organization is deleted: only its owners can act in it, in person, to restore it.',
  });
}

/**
 * What signing in says to it. A session that began before the organization asked goes on without, so that only who has no
 * session and nothing set up can't act now.
 */
function askSecondFactor({ name, secondFactor }: FoundPrincipal): GateAnswer[] {
  if (!secondFactor) return [];
  const { hasSession, unmet } = secondFactor;
  const isKeptOut = !hasSession && unmet?.status === 'enroll_second_factor';
  const inSession = unmet
    ? `${name} has signed in without a second factor, before the organization asked for one; the next sign-in asks for it.`
    : `${name} has shown a second factor, or has come through an identity provider.`;
  const refused = `The organization asks for a second factor, and ${name} has set none up: signing in asks for that first.`;
  return [
    answerOf('second_factor', isKeptOut ? new AppError('unauthenticated', refused) : undefined, {
      passed: hasSession ? inSession : `${name} has a second factor, for which signing in asks.`,
      refused,
    }),
  ];
}

function askGrant({ credential, standing }: FoundPrincipal): GateAnswer[] {
  if (credential.kind !== 'automation' && credential.kind !== 'agent') return [];
  const { kind, name, isGrantValid } = credential;
  const refusal = isGrantValid ? undefined : grantRefusal({ ...standing, isGrantValid });
  return [
    answerOf('grant', refusal, {
      passed: `The grant of the ${kind} ${name} is valid.`,
      refused:
        kind === 'agent'
          ? `The agent ${name} does not act at present, or its grant is revoked.`
          : `The grant of the automation ${name} is revoked or has expired.`,
    }),
  ];
}

/** A gate of the door; nothing where it does not concern the action or the principal. */
function askGate({ name, refusal }: Gate, principal: FoundPrincipal, action: GatedAction): GateAnswer[] {
  const sentences = sentencesOf(name, principal, action);
  return sentences ? [answerOf(name, refusal(askedOf(principal, action), action), sentences)] : [];
}

/** Of an agent, with the policy of its version for this action. */
function askedOf({ actor, credential }: FoundPrincipal, { name }: GatedAction): Actor {
  if (credential.kind !== 'agent') return actor;
  return { ...actor, consent: { policy: credential.approvals.get(name) ?? 'by_effect', isGiven: false } };
}

type Sentences = { passed: string; refused: string };

function sentencesOf(
  gate: Gate['name'],
  { name, roleName, actor, standing }: FoundPrincipal,
  { name: what, permission, module, needsRecentSignIn }: GatedAction,
): Sentences | undefined {
  switch (gate) {
    case 'module':
      return (
        module && {
          passed: `${flags[module].title} is on in the organization.`,
          refused: `${flags[module].title} is switched off in the organization, or not in its plan.`,
        }
      );
    case 'person':
      return permission === 'self' || needsRecentSignIn
        ? {
            passed: `${what} is only for people who have signed in, as ${name} does.`,
            refused: `${what} is only for people who have signed in: no key and no automation does it.`,
          }
        : undefined;
    case 'super_user':
      return isOfPlatform(permission)
        ? {
            passed: `${name} is a super-user of the platform.`,
            refused: `${what} is only for super-users of the platform, who have shown a second factor.`,
          }
        : undefined;
    case 'support':
      return actor.support && { passed: 'Support may.', refused: `${what} is not open to support.` };
    case 'role':
      return isApartFromRoles(permission)
        ? undefined
        : {
            passed: `The role ${roleName} holds ${permission}${byWhich(standing.permissions, permission)}.`,
            refused: `The role ${roleName} does not hold ${permission}.`,
          };
    case 'scopes':
      return actor.scopes === null || isApartFromRoles(permission)
        ? undefined
        : {
            passed: `${permission} is within its scopes.`,
            refused: `${permission} is not within its scopes: ${actor.scopes.join(', ')}.`,
          };
    case 'recent_sign_in':
      return needsRecentSignIn
        ? {
            passed: `${name} has proven who they are in the last ten minutes.`,
            refused: `${what} needs a sign-in of the last ten minutes.`,
          }
        : undefined;
    case 'approval':
      return actor.kind === 'agent'
        ? { passed: 'It needs nobody’s consent.', refused: 'It needs a person’s consent first.' }
        : undefined;
  }
}

/** True for what no role decides. */
function isApartFromRoles(permission: GatedAction['permission']): boolean {
  return permission === 'self' || isOfPlatform(permission);
}

/** The entry of a role that covers a permission, where it is not that permission itself. */
function byWhich(held: readonly string[], permission: GatedAction['permission']): string {
  const entry = held.find((candidate) => isPermitted([candidate], permission));
  return entry === undefined || entry === permission ? '' : `, by ${entry}`;
}
