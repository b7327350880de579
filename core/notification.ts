import type { z } from 'zod';
import type { Permission } from './action.js';
import type { EventDefinition } from './event.js';

/** Whom an event concerns: active members who are named or have one of the roles, and the permission if one is given. */
export interface Audience {
  users: readonly string[];
  /** Keys of roles. */
  roles?: readonly string[];
  permission?: Permission;
}

/** What people are told. */
export interface Notice {
  to: Audience;
  /** What it is about: more news of it joins what they have not read yet. */
  subjectId: string;
  /** A line; `{person}` stands for the name of `personId`. */
  title: string;
  personId?: string;
  /** Where it leads to in the app. */
  path: string;
}

/** An event of which a kind tells. */
export interface NotificationCause {
  event: string;
  /** Undefined where it concerns nobody. Throws for a payload that is none of the event. */
  tell(payload: unknown): Notice | undefined;
}

/** An event after which there is nothing left to be read of a subject. */
export interface NotificationEnd {
  event: string;
  subjectOf(payload: unknown): string;
}

/** Something that people are told of, each as they want: a module declares its kinds. */
export interface NotificationKind {
  /** `task_assigned`. */
  name: string;
  /** What happens, seen by the person: `A task is assigned to me`. */
  title: string;
  description: string;
  /** How people are told unless they say otherwise. */
  defaults: { app: boolean; mail: boolean };
  /** Its mails are written where it happens, with more in them; they keep to what people want all the same. */
  hasOwnMail?: true;
  causes: readonly NotificationCause[];
  ends?: readonly NotificationEnd[];
}

/** Tells of an event, by its payload. */
export function causeOf<Payload extends z.ZodType>(
  { type, payload: schema }: EventDefinition<Payload>,
  tell: (payload: z.output<Payload>) => Notice | undefined,
): NotificationCause {
  return { event: type, tell: (payload) => tell(schema.parse(payload)) };
}

/** Ends with an event what was told of the subject that its payload names. */
export function endOf<Payload extends z.ZodType>(
  { type, payload: schema }: EventDefinition<Payload>,
  subjectOf: (payload: z.output<Payload>) => string,
): NotificationEnd {
  return { event: type, subjectOf: (payload) => subjectOf(schema.parse(payload)) };
}
