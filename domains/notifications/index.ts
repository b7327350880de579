import type { Domain } from '#runtime/domain.js';
import { countUnread } from './count-unread.js';
import { listNotifications } from './list-notifications.js';
import { markAllRead, markRead } from './mark-read.js';
import { listPreferences, updatePreference } from './preferences.js';

/** What concerns a person, and how they want to be told of it. Other domains declare the kinds. */
export const notifications: Domain = {
  name: 'notifications',
  description: 'What concerns you in this organization, and in which ways you are told of it.',
  actions: [listNotifications, countUnread, markRead, markAllRead, listPreferences, updatePreference],
  events: [],
};
