import { z } from 'zod';

const Signature = z.looseObject({
  name: z.string().nullish(),
  email: z.string().nullish(),
  date: z.string().nullish(),
});

/** The part of GitHub's commit that is read. https://docs.github.com/rest/commits/commits */
export const GitHubCommit = z.looseObject({
  sha: z.string(),
  html_url: z.string(),
  commit: z.looseObject({ message: z.string(), author: Signature.nullish(), committer: Signature.nullish() }),
  /** The account; null where none goes with the mail address. */
  author: z.looseObject({ login: z.string().optional() }).nullish(),
});

/** A commit as our trigger gives it. Times are ISO 8601. */
export const Commit = z.object({
  sha: z.string(),
  url: z.string(),
  message: z.string(),
  /** `owner/name`. */
  repository: z.string(),
  /** Null: the default branch. */
  branch: z.string().nullable(),
  author: z.object({
    name: z.string(),
    email: z.string(),
    /** Login of the account; null where GitHub knows none. */
    login: z.string().nullable(),
  }),
  /** When it was committed; null where the commit does not say. */
  committedAt: z.string().nullable(),
});

/** GitHub's commit in our form. */
export function toCommit(
  { sha, html_url, commit, author }: z.output<typeof GitHubCommit>,
  place: { repository: string; branch: string | null },
): z.output<typeof Commit> {
  return {
    sha,
    url: html_url,
    message: commit.message,
    ...place,
    author: {
      name: commit.author?.name ?? '',
      email: commit.author?.email ?? '',
      login: author?.login ?? null,
    },
    committedAt: commit.committer?.date ?? null,
  };
}
