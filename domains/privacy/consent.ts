import { z } from 'zod';
import { consents } from '#db/schema/index.js';

const word = z.string().regex(/^[a-z][a-z0-9_.-]{0,99}$/, 'must be a word in small letters');

/** What a consent is about. */
export const consentFields = {
  purpose: word.describe('What it is for: newsletter'),
  textVersion: z.string().trim().min(1).max(100).describe('Of the text that was agreed to'),
  source: word.describe('Where it was given: sign_up, settings, paper'),
};

/** A consent as it is shown. */
export const Consent = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  purpose: z.string(),
  textVersion: z.string(),
  source: z.string(),
  recordedBy: z.uuid(),
  givenAt: z.string(),
  withdrawnAt: z.string().nullable(),
  withdrawnBy: z.uuid().nullable(),
});

/** Columns that Consent shows. */
export const consentColumns = {
  id: consents.id,
  userId: consents.userId,
  purpose: consents.purpose,
  textVersion: consents.textVersion,
  source: consents.source,
  recordedBy: consents.recordedBy,
  givenAt: consents.givenAt,
  withdrawnAt: consents.withdrawnAt,
  withdrawnBy: consents.withdrawnBy,
};
