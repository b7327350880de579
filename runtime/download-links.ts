import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { readSigningKey } from './signing-key.js';

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

const issuer = 'worksynapse';
/** Apart from access tokens and other links, which are signed with the same key. */
const audience = 'worksynapse:downloads';
const typ = 'download+jwt';
const Claims = z.object({ sub: z.uuid(), org: z.uuid(), export: z.uuid() });
const maxLength = 1_000;

/** `privateJwk` is that of access tokens. */
export async function createDownloadLinks(privateJwk: string): Promise<DownloadLinks> {
  const { privateKey, publicKey } = await readSigningKey(privateJwk);
  return {
    issue: ({ orgId, userId, exportId }, expiresAt) =>
      new SignJWT({ org: orgId, export: exportId })
        .setProtectedHeader({ alg: 'EdDSA', typ })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expiresAt)
        .sign(privateKey),
    async read(token) {
      const options = { issuer, audience, algorithms: ['EdDSA'], typ };
      const verified =
        token.length > maxLength
          ? undefined
          : await jwtVerify(token, publicKey, options).catch(() => undefined);
      const claims = Claims.safeParse(verified?.payload).data;
      if (!claims) throw new AppError('not_found', 'This link is not valid, or not any more');
      return { orgId: claims.org, userId: claims.sub, exportId: claims.export };
    },
  };
}
