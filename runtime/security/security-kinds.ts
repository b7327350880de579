import { z } from 'zod';
import { defineEvent } from '#core/event.js';

/** Kinds of security events, and what each means. */
export const securityKinds = {
  log_in_failed: 'Somebody tried to log in with a wrong password',
  log_in_blocked: 'Logging in was blocked after too many failures',
  new_device: 'A person has logged in with a new device',
  password_changed: 'The password of a person was changed',
  second_factor_changed: 'A second factor was added or removed, or recovery codes were made anew',
  role_changed: 'A role was made, deleted, or given other permissions',
  member_role_changed: 'A member was given another role',
  membership_changed: 'Somebody became a member, was deactivated, reactivated or removed',
  permission_denied: 'Something was tried without the permission for it',
  api_key_created: 'An API key was made, or replaced by a new one',
  api_key_used_from_new_network: 'An API key was used from a network for which it is not good, and refused',
  export: 'Data of the organization were exported',
  support_access: 'The operator was let in to help',
} as const;

export type SecurityKind = keyof typeof securityKinds;

export const SecurityKindName = z.enum(Object.keys(securityKinds) as [SecurityKind, ...SecurityKind[]]);

/** What is told by mail where an organization has not said. */
export const defaultAlertKinds: readonly SecurityKind[] = [
  'log_in_blocked',
  'second_factor_changed',
  'role_changed',
  'api_key_used_from_new_network',
  'support_access',
];

/** What owners are told of by mail, whatever the organization has said: whoever is let in must not be able to keep it quiet. */
export const alwaysToldKinds: ReadonlySet<SecurityKind> = new Set(['support_access']);

/** What comes in numbers: one row a minute for each person or principal, with a count. */
export const countedKinds: ReadonlySet<SecurityKind> = new Set([
  'log_in_failed',
  'log_in_blocked',
  'permission_denied',
  'api_key_used_from_new_network',
]);

const payload = z.object({
  id: z.uuid().describe('Of the security event'),
  kind: SecurityKindName,
  userId: z.uuid().nullable().describe('The person whom it concerns'),
  principalKind: z.string().nullable(),
  principalId: z.uuid().nullable(),
  details: z.record(z.string(), z.unknown()),
});

/** Kinds whose event is written by who knows more of it: what opens a session. */
export const toldElsewhere: ReadonlySet<SecurityKind> = new Set(['new_device']);

/** The outbox events `security.<kind>`, to which automations can listen. Of counted ones the first in a minute. */
export const securityOutboxEvents = SecurityKindName.options
  .filter((kind) => !toldElsewhere.has(kind))
  .map((kind) =>
    defineEvent({
      type: `security.${kind}`,
      title: `Security: ${kind.replaceAll('_', ' ')}`,
      description: `${securityKinds[kind]}.`,
      payload,
    }),
  );
