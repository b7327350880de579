import { errors } from 'jose';
import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { createSignedTokens } from './signed-tokens.js';

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

const use = { audience: 'worksynapse:approvals', typ: 'approval+jwt' };
const Claims = z.object({ sub: z.uuid(), org: z.uuid(), approval: z.uuid() });

/** `privateJwk` is that of access tokens. What a link was used for is known by the approval's votes, not here. */
export async function createApprovalLinks(privateJwk: string): Promise<ApprovalLinks> {
  const tokens = await createSignedTokens(privateJwk, use);
  const toLink = (payload: unknown): ApprovalLink => {
    const { sub, org, approval } = Claims.parse(payload);
    return { orgId: org, userId: sub, approvalId: approval };
  };

  return {
    issue: ({ orgId, userId, approvalId }, expiresAt) =>
      tokens.sign({ subject: userId, claims: { org: orgId, approval: approvalId } }, expiresAt),
    async read(token) {
      try {
        return { ...toLink(await tokens.verify(token)), hasExpired: false };
      } catch (error) {
        if (!(error instanceof errors.JWTExpired)) throw new AppError('not_found', 'This link is not valid');
        return { ...toLink(error.payload), hasExpired: true };
      }
    },
  };
}
