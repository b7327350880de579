import { z } from 'zod';
import { defineEvent } from '#core/event.js';

const where = {
  userId: z.uuid(),
  sessionId: z.uuid(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
};

export const newDevice = defineEvent({
  type: 'security.new_device',
  title: 'Sign-in from a new device',
  description: 'Somebody signed in from where they have not signed in before.',
  payload: z.object({ ...where, methods: z.array(z.string()) }),
});

export const sessionReused = defineEvent({
  type: 'security.session_reused',
  title: 'Refresh token used twice',
  description:
    'A refresh token came that had been replaced: somebody holds a copy of it. The session was ended.',
  payload: z.object(where),
});
