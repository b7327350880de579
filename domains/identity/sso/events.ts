import { z } from 'zod';
import { defineEvent } from '#core/event.js';

const payload = z.object({ id: z.uuid(), kind: z.string(), name: z.string() });
const describe = (verb: string) => ({
  type: `sso_connection.${verb}`,
  title: `Single sign-on ${verb}`,
  description: `A connection to an identity provider was ${verb}.`,
  payload,
});

export const ssoConnectionCreated = defineEvent(describe('created'));
export const ssoConnectionUpdated = defineEvent(describe('updated'));
export const ssoConnectionDeleted = defineEvent(describe('deleted'));
export const ssoConnectionRestored = defineEvent(describe('restored'));
