import { createHash, randomBytes } from 'node:crypto';
import { jsonSize } from '#core/automation/packed-value.js';
import { canonicalJson } from '#core/canonical-json.js';
import type { RequestOrigin } from '../request-origin.js';

/** Fields that were changed, before and after; on what is new or gone, one of the two is missing. Masked already. */
export interface AuditedChange {
  before?: Readonly<Record<string, unknown>> | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
}

/** What is told of a call beyond ids. */
export interface DetailsContent extends AuditedChange {
  origin?: RequestOrigin | undefined;
}

/** Details as they are kept beside an audit entry, which holds their hash. */
export interface AuditDetails {
  salt: string;
  content: string;
  /** SHA-256, hex. */
  hash: string;
}

/** Most bytes of values that one entry keeps; of larger ones size and SHA-256 are told. */
const maxBytes = 16 * 1024;
const maxUserAgent = 300;

/** Puts details into their kept form. Undefined where there is nothing to tell. */
export function sealDetails({ origin, before, after }: DetailsContent): AuditDetails | undefined {
  const hasOrigin = origin && (origin.ip !== null || origin.userAgent !== null);
  if (!hasOrigin && !before && !after) return undefined;
  const told = {
    ...(hasOrigin && {
      origin: { ip: origin.ip, userAgent: origin.userAgent?.slice(0, maxUserAgent) ?? null },
    }),
    ...(before && { before: bound(before, maxBytes / 2) }),
    ...(after && { after: bound(after, maxBytes / 2) }),
  };
  const salt = randomBytes(16).toString('hex');
  const content = canonicalJson(told);
  return { salt, content, hash: hashDetails(salt, content) };
}

/** SHA-256 of salt and content, hex. */
export function hashDetails(salt: string, content: string): string {
  return createHash('sha256').update(salt).update(content).digest('hex');
}

/** Replaces the largest values by size and hash until the rest fits; where there are too many, all of them as one. */
function bound(values: Readonly<Record<string, unknown>>, limit: number): Record<string, unknown> {
  let size = jsonSize(values);
  if (size <= limit) return { ...values };
  const kept: Record<string, unknown> = { ...values };
  const bySize = Object.keys(values).sort((a, b) => jsonSize(values[b]) - jsonSize(values[a]));
  for (const name of bySize) {
    if (size <= limit) return kept;
    const digest = digestOf(values[name]);
    size += jsonSize(digest) - jsonSize(values[name]);
    kept[name] = digest;
  }
  return size <= limit ? kept : digestOf(values);
}

function digestOf(value: unknown): { bytes: number; sha256: string } {
  const sha256 = createHash('sha256')
    .update(canonicalJson(value ?? null))
    .digest('hex');
  return { bytes: jsonSize(value), sha256 };
}
