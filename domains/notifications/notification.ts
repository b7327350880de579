import { z } from 'zod';
import { notifications } from '#db/schema/index.js';

/** Something that a person was told, as they see it. */
export const Notification = z.object({
  id: z.uuid(),
  kind: z.string(),
  subjectId: z.uuid().describe('What it is about'),
  title: z.string(),
  path: z.string().describe('Where it leads to in the web app'),
  count: z.int().describe('Of how many events it tells'),
  at: z.string().describe('When the last of them was noticed'),
  readAt: z.string().nullable(),
});

export const notificationFields = {
  id: notifications.id,
  kind: notifications.kind,
  subjectId: notifications.subjectId,
  title: notifications.title,
  path: notifications.path,
  count: notifications.count,
  at: notifications.at,
  readAt: notifications.readAt,
};
