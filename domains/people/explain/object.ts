import { z } from 'zod';
import type { DomainAction } from '#core/action.js';
import { AppError, invalidField } from '#core/errors.js';
import { gatesBeforeInput, pass } from '#runtime/authorize.js';
import type { Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { answerOf, type GateAnswer } from './gate-answer.js';
import type { FoundPrincipal } from './principal.js';

export const WantedObject = z.strictObject({
  resource: z.string().max(100).describe('As in the names of actions: `projects`, `tasks`, `runs`'),
  id: z.uuid(),
});

type WantedObject = z.output<typeof WantedObject>;

/** Looks for the object with an actor's eyes. Throws `not_found` where they may not know of it. */
export type FindObject = (actor: Actor) => Promise<void>;

/**
 * How an object is looked for: by the action that shows one, so that what is told of an object is what is shown of it.
 * Throws `validation` for a resource of which none can be shown, and `forbidden` or `not_found` where whoever asks may
 * not see it themselves.
 */
export async function findObject(
  context: DomainContext,
  { resource, id }: WantedObject,
): Promise<FindObject> {
  const action = context.services.catalogue.actions.get(`${resource}.get`);
  const input = action?.input.safeParse({ id });
  if (
    action?.kind !== 'domain' ||
    action.effect !== 'read' ||
    action.permission === 'self' ||
    !input?.success
  ) {
    throw invalidField({ path: 'object.resource', message: 'is none of which one can be shown by its id' });
  }
  pass(gatesBeforeInput, context.actor, action);
  const find = (actor: Actor) => show(action, { ...context, actor }, input.data);
  await find(context.actor);
  return find;
}

async function show(
  action: DomainAction<DomainContext>,
  context: DomainContext,
  input: unknown,
): Promise<void> {
  await action.run(context, input);
}

/** What is answered for the object: `not_found` where the principal may not know of it. */
export async function askObject(
  { name, actor }: FoundPrincipal,
  { resource, id }: WantedObject,
  find: FindObject,
): Promise<GateAnswer> {
  const refusal = await find(actor).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return error;
      throw error;
    },
  );
  return answerOf('object', refusal, {
    passed: `${name} may know of ${id} among ${resource}.`,
    refused: `${name} may not know of ${id} among ${resource}: it is not found for them.`,
  });
}
