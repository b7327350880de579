import { fileURLToPath } from 'node:url';
import ipaddr from 'ipaddr.js';
import maxmind, { type Reader, type Response } from 'maxmind';
import { z } from 'zod';
import type { Logger } from './logger.js';

/** Where an address is, roughly. */
export const Place = z.object({
  country: z.string().describe('ISO 3166-1, two letters'),
  city: z.string().nullable().describe('In English, where the data has it'),
});

export type Place = z.output<typeof Place>;

/** Tells where addresses are, from a file: nobody is asked. */
export interface Places {
  /** Null for addresses that are not public, and those of which nothing is known. Never throws. */
  placeOf(ip: string | null): Place | null;
}

/** What GeoLite2 and its like say of an address, and what the databases of ip-location-db say. */
const Found = z.union([
  z.object({
    country: z.object({ iso_code: z.string() }),
    city: z.object({ names: z.object({ en: z.string() }) }).optional(),
  }),
  z.object({ country_code: z.string().length(2), city: z.string().min(1).optional() }),
]);

/** CC0: no conditions of use. Countries only. */
const ownDatabase = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/** Opens a MaxMind DB file; that of the product unless one is given, none for `off`. One that can't be read is logged, once. */
export async function openPlaces(file: string | undefined, logger: Logger): Promise<Places> {
  if (file === 'off') return nowhere;
  try {
    const path = file ?? fileURLToPath(import.meta.resolve(ownDatabase));
    return placesIn(await maxmind.open<Response>(path));
  } catch (err) {
    logger.warn({ err, file }, 'GEOIP_DATABASE can not be read: it is not told where sign-ins come from');
    return nowhere;
  }
}

const nowhere: Places = { placeOf: () => null };

function placesIn(reader: Reader<Response>): Places {
  return {
    placeOf(ip) {
      if (ip === null || !ipaddr.isValid(ip)) return null;
      const address = ipaddr.process(ip);
      if (address.range() !== 'unicast') return null;
      const found = Found.safeParse(lookUp(reader, address.toString()));
      return found.success ? toPlace(found.data) : null;
    },
  };
}

/** A file that is damaged must not keep anybody from signing in. */
function lookUp(reader: Reader<Response>, address: string): unknown {
  try {
    return reader.get(address);
  } catch {
    return null;
  }
}

function toPlace(found: z.output<typeof Found>): Place {
  if ('country_code' in found) return { country: found.country_code, city: found.city ?? null };
  return { country: found.country.iso_code, city: found.city?.names.en ?? null };
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** A place in words: `Berlin, Germany`. */
export function placeText(place: Place | null): string {
  if (!place) return 'unknown';
  const country = /^[A-Z]{2}$/.test(place.country) ? countryNames.of(place.country) : undefined;
  return [place.city, country ?? place.country].filter((part) => part !== null).join(', ');
}
