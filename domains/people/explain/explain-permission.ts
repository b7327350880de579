import { z } from 'zod';
import { defineAction, type Permission } from '#core/action.js';
import { invalidField } from '#core/errors.js';
import type { GatedAction } from '#runtime/authorize.js';
import type { DomainContext } from '#runtime/domain.js';
import { maxNetworkText } from '#runtime/networks.js';
import { askGates } from './ask-gates.js';
import { GateAnswer } from './gate-answer.js';
import { askObject, findObject, WantedObject } from './object.js';
import { findPrincipal, Principal } from './principal.js';

/**
 * Tells why somebody may or may not do something now: what each gate of the door answers, in the order in which they are
 * asked. Throws `validation` naming the principal, permission, action or resource that there is none of, and `not_found`
 * or `forbidden` for an object that whoever asks may not see themselves.
 */
export const explainPermission = defineAction({
  name: 'permissions.explain',
  title: 'Explain permission',
  description:
    'Tells why a person, API key, automation or agent may or may not do something now, with a certain object if one is given: what each gate answers, from membership to object, in the order in which they are asked. Of a person it is told what holds in the session in which they proved last who they are.',
  permission: 'permissions:explain',
  effect: 'read',
  http: { method: 'post', path: '/permissions/explain' },
  input: z
    .strictObject({
      principal: Principal,
      permission: z.string().max(100).optional(),
      action: z.string().max(100).optional(),
      object: WantedObject.optional(),
      address: z
        .string()
        .max(maxNetworkText)
        .optional()
        .describe('From where an API key is used; its networks are looked at only then'),
    })
    .refine(({ permission, action }) => (permission === undefined) !== (action === undefined), {
      path: ['permission'],
      message: 'give a permission or an action, and not both',
    }),
  output: z.object({
    isAllowed: z.boolean(),
    permission: z.string(),
    refusedBy: GateAnswer.shape.gate.nullable().describe('The first gate that refuses'),
    gates: z.array(GateAnswer),
  }),
  async run(context: DomainContext, { principal, object, address, ...wanted }) {
    const action = wantedAction(context.services.catalogue, wanted);
    const find = object && (await findObject(context, object));
    const found = await findPrincipal(context, principal);
    const gates = askGates(found, action, address);
    if (object && find) gates.push(await askObject(found, object, find));
    const refusedBy = gates.find(({ isPassed }) => !isPassed)?.gate ?? null;
    return { isAllowed: refusedBy === null, permission: action.permission, refusedBy, gates };
  },
});

/** What the gates are asked about; a permission alone is like a read that needs nothing else. */
function wantedAction(
  { actions, permissions }: DomainContext['services']['catalogue'],
  wanted: { permission?: string | undefined; action?: string | undefined },
): GatedAction {
  if (wanted.action !== undefined) {
    const action = actions.get(wanted.action);
    if (!action || action.permission === 'public') {
      throw invalidField({ path: 'action', message: 'does not exist, or needs no permission' });
    }
    return action;
  }
  const permission = permissions.find((name): name is Permission => name === wanted.permission);
  if (permission === undefined) throw invalidField({ path: 'permission', message: 'does not exist' });
  return { name: permission, permission, effect: 'read' };
}
