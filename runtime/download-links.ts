import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { createSignedTokens } from './signed-tokens.js';

/** Which person may fetch which export. */
export interface DownloadLink {
  orgId: string;
  userId: string;
  exportId: string;
}

export interface DownloadLinks {
  /** The last part of the link's address: signed, for one person and one archive, until then. */
  issue(link: DownloadLink, expiresAt: Date): Promise<string>;
  /** Throws `not_found` for a token that is forged, not ours, or has run out. */
  read(token: string): Promise<DownloadLink>;
}

const use = { audience: 'worksynapse:downloads', typ: 'download+jwt' };
const Claims = z.object({ sub: z.uuid(), org: z.uuid(), export: z.uuid() });

/** `privateJwk` is that of access tokens. */
export async function createDownloadLinks(privateJwk: string): Promise<DownloadLinks> {
  const tokens = await createSignedTokens(privateJwk, use);
  return {
    issue: ({ orgId, userId, exportId }, expiresAt) =>
      tokens.sign({ subject: userId, claims: { org: orgId, export: exportId } }, expiresAt),
    async read(token) {
      const claims = Claims.safeParse(await tokens.verify(token).catch(() => undefined)).data;
      if (!claims) throw new AppError('not_found', 'This link is not valid, or not any more');
      return { orgId: claims.org, userId: claims.sub, exportId: claims.export };
    },
  };
}
