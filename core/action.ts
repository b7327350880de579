import type { z } from 'zod';
import type { FlagName } from './flags.js';

/**
 * What an action does to the world. Decides defaults: `read` runs freely; `write` is allowed to agents within
 * their grant; `send` (leaves the organization) and `destroy` need an approval for agents.
 */
export type Effect = 'read' | 'write' | 'send' | 'destroy';

/**
 * `resource:verb`, such as `tasks:create`; `public` for what anyone may do without signing in; `self` for what every
 * person who has signed in may do with what is theirs, and no key or automation may; `platform:verb` for super-users.
 */
export type Permission = `${string}:${string}` | 'public' | 'self';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface HttpRoute {
  method: HttpMethod;
  /** Below `/v1`; `:name` segments fill input fields of that name. */
  path: `/${string}`;
  /** Success status; 200 unless given. */
  status?: 200 | 201 | 202 | 204;
}

/** What callers, screens, agents and the API know of an action: everything but how it runs. */
export interface ActionDescription<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  /** `domain.verb`, unique in the catalogue: `tasks.create`. */
  name: string;
  title: string;
  description: string;
  permission: Permission;
  effect: Effect;
  http?: HttpRoute;
  input: Input;
  output: Output;
  /** Event types that a run may emit. */
  emits?: readonly string[];
  /** Its input is a secret that could be guessed: over HTTP, tries are limited as those to sign in are. */
  isGuessable?: true;
  /** The part of the product that it belongs to: where an organization has that off, the action is gone. */
  module?: FlagName;
  /** Only for a person whose last proof of who they are is at most ten minutes old: `identity.confirm` renews it. */
  needsRecentSignIn?: true;
  /** Its input or output holds a secret: it takes no idempotency key, with which these would be kept or hashed. */
  holdsSecret?: true;
  /** Of a super-user's action: it happens in the organization that its input names as `organizationId`. */
  isInOrganization?: true;
  /**
   * What it does with the cookies that keep a person signed in: `opens` may set them, `uses` acts by them, and so
   * takes requests of our own pages only.
   */
  cookies?: 'opens' | 'uses';
}

/** True for what keys, automations and agents can never do. */
export function isForPeopleOnly({
  permission,
  needsRecentSignIn,
}: Pick<ActionDescription, 'permission' | 'needsRecentSignIn'>): boolean {
  return permission === 'self' || needsRecentSignIn === true || isOfPlatform(permission);
}

/** True for what super-users of the platform may do, and no role of an organization ever covers. */
export function isOfPlatform(permission: string): boolean {
  return permission.startsWith('platform:');
}

/**
 * An action of a business area. It runs in one tenant transaction, which `Context` carries; with `outside` in two, and
 * what that returns is done between them.
 */
export interface DomainAction<Context> extends ActionDescription {
  kind: 'domain';
  outside?(context: Context, input: unknown): Promise<(signal: AbortSignal) => Promise<unknown>>;
  run(context: Context, input: unknown, answer?: unknown): Promise<unknown>;
}

/** What anyone may do before signing in: sign up, log in. It opens its own transactions. */
export interface PublicAction<Context> extends ActionDescription {
  kind: 'public';
  permission: 'public';
  run(context: Context, input: unknown): Promise<unknown>;
}

type Runnable<Input extends z.ZodType, Output extends z.ZodType, Context> = {
  run(context: Context, input: z.output<Input>): Promise<z.input<Output>>;
};

type DomainRunnable<Input extends z.ZodType, Output extends z.ZodType, Context, Answer> = {
  /**
   * For what takes long or leaves the process, and changes nothing there: asking a provider, hashing a password. Runs in
   * a transaction of its own, once the call is admitted, and returns what is to be done after its commit, while none is
   * open; the signal is aborted when the caller is not interested any more. The call is then admitted anew, and `run` gets the answer. Events and changes are told by `run` only.
   */
  outside?(context: Context, input: z.output<Input>): Promise<(signal: AbortSignal) => Promise<Answer>>;
  run(context: Context, input: z.output<Input>, answer: Answer): Promise<z.input<Output>>;
};

/**
 * Turns a definition into an action of the catalogue. Input has been parsed by `input` before `run` sees it, and
 * what `run` returns is parsed by `output` before anyone else does.
 */
export function defineAction<Input extends z.ZodType, Output extends z.ZodType, Context, Answer = unknown>(
  definition: ActionDescription<Input, Output> & DomainRunnable<Input, Output, Context, Answer>,
): DomainAction<Context> {
  const { outside, run, ...description } = definition;
  // perform() parses with the action's own schema before it calls either, so the narrower types hold.
  return {
    ...description,
    kind: 'domain',
    ...(outside && { outside: (context, input) => outside(context, input as z.output<Input>) }),
    run: (context, input, answer) => run(context, input as z.output<Input>, answer as Answer),
  };
}

/** Like defineAction, for the few actions that need no credential. */
export function definePublicAction<Input extends z.ZodType, Output extends z.ZodType, Context>(
  definition: Omit<ActionDescription<Input, Output>, 'permission'> & Runnable<Input, Output, Context>,
): PublicAction<Context> {
  return { ...definition, kind: 'public', permission: 'public', run: parsedRun(definition) };
}

function parsedRun<Input extends z.ZodType, Output extends z.ZodType, Context>(
  definition: Runnable<Input, Output, Context>,
) {
  // perform() parses with the action's own schema before it calls run, so the narrower input type holds.
  return (context: Context, input: unknown) => definition.run(context, input as z.output<Input>);
}
