import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { readSigningKey } from './signing-key.js';

/** Which person a link lets decide which approval. */
export interface ApprovalLink {
  orgId: string;
  userId: string;
  approvalId: string;
}

export interface ApprovalLinks {
  /** The last part of the link's address: signed, for one person and one approval, until then. */
  issue(link: ApprovalLink, expiresAt: Date): Promise<string>;
  /** Throws `not_found` for a token that is forged or not ours. One that has run out is told as such. */
  read(token: string): Promise<ApprovalLink & { hasExpired: boolean }>;
}

const issuer = 'worksynapse';
/** Apart from access tokens, which are signed with the same key: neither passes for the other. */
const audience = 'worksynapse:approvals';
const typ = 'approval+jwt';
const Claims = z.object({ sub: z.uuid(), org: z.uuid(), approval: z.uuid() });
const maxLength = 1_000;

/** `privateJwk` is that of access tokens. What a link was used for is known by the approval's votes, not here. */
export async function createApprovalLinks(privateJwk: string): Promise<ApprovalLinks> {
  const { privateKey, publicKey } = await readSigningKey(privateJwk);
  const refusal = () => new AppError('not_found', 'This link is not valid');
  const toLink = (payload: unknown): ApprovalLink => {
    const { sub, org, approval } = Claims.parse(payload);
    return { orgId: org, userId: sub, approvalId: approval };
  };

  return {
    issue: ({ orgId, userId, approvalId }, expiresAt) =>
      new SignJWT({ org: orgId, approval: approvalId })
        .setProtectedHeader({ alg: 'EdDSA', typ })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expiresAt)
        .sign(privateKey),
    async read(token) {
      if (token.length > maxLength) throw refusal();
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          issuer,
          audience,
          algorithms: ['EdDSA'],
          typ,
        });
        return { ...toLink(payload), hasExpired: false };
      } catch (error) {
        // Expiry is looked at last, after the signature and everything else.
        if (!(error instanceof errors.JWTExpired)) throw refusal();
        return { ...toLink(error.payload), hasExpired: true };
      }
    },
  };
}
