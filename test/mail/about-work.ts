import { notLike } from 'drizzle-orm';
import { outgoingMails } from '#db/schema/index.js';

/** Mails but those for the safety of somebody's account, such as the one after signing up. */
export const aboutWork = notLike(outgoingMails.dedupeKey, 'safety:%');
