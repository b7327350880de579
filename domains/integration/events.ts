import { z } from 'zod';
import { defineEvent } from '#core/event.js';

const payload = z.object({ id: z.uuid(), connector: z.string(), name: z.string() });
const describe = (verb: string) => ({
  type: `connection.${verb}`,
  title: `Connection ${verb}`,
  description: `A connection to an app was ${verb}.`,
  payload,
});

export const connectionCreated = defineEvent(describe('created'));
export const connectionUpdated = defineEvent(describe('updated'));
export const connectionDeleted = defineEvent(describe('deleted'));
export const connectionRestored = defineEvent(describe('restored'));
