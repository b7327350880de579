import { z } from 'zod';
import { isTimeZone } from '#core/timetable/local-time.js';

/** Longest language tag that is taken. */
const maxTagLength = 35;
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** A name of the IANA time zone database: `Europe/Berlin`. */
export const TimeZone = z.string().max(64).refine(isTimeZone, 'must be the name of a time zone');

/** A BCP 47 language tag, made canonical: `de-at` becomes `de-AT`. */
export const Locale = z
  .string()
  .max(maxTagLength)
  .transform((tag, context) => {
    try {
      return new Intl.Locale(tag).toString();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: 'must be a language tag such as de-AT' });
      return z.NEVER;
    }
  });

/** An ISO 4217 code: `EUR`. */
export const Currency = z
  .string()
  .refine((code) => currencies.has(code), 'must be an ISO 4217 code such as EUR');

/** Local dates without working hours, each once, in order. */
export const Holidays = z
  .array(z.iso.date())
  .max(1_000)
  .transform((dates) => [...new Set(dates)].sort());
