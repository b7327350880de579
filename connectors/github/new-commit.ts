import { z } from 'zod';
import { AppError } from '#core/errors.js';
import { definePolledTrigger } from '#core/polled-trigger.js';
import { callGitHub } from './client.js';
import { Commit, GitHubCommit, toCommit } from './commit.js';
import type { GitHubContext } from './connection.js';
import { RepositoryInput } from './repository-input.js';
import { commit } from './samples/commits.js';

const pageSize = 100;

/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const Comparison = z.looseObject({ total_commits: z.number(), commits: z.array(GitHubCommit) });

const Cursor = z.object({
  /** Everything that leads to this commit is known; null: the repository was empty. */
  base: z.string().nullable(),
  /** What is being read in pages: from `base` to this commit. */
  walk: z.object({ head: z.string(), page: z.int() }).optional(),
});

type Cursor = z.output<typeof Cursor>;
type Input = z.output<typeof Branch>;

const Branch = RepositoryInput.extend({
  branch: z.string().min(1).max(255).optional().describe("The repository's default branch unless given"),
});

/** Asks for the newest commit, and, where it is another than before, for all between the two, oldest first. */
export const newCommit = definePolledTrigger({
  name: 'github.new_commit',
  title: 'New commit',
  description: 'Commits came to a branch. GitHub is asked at an interval; no webhook is needed.',
  input: Branch,
  output: Commit,
  sample: commit,
  cursor: Cursor,
  defaultEvery: '5m',
  async poll(context: GitHubContext, input, cursor) {
    const head = cursor?.walk?.head ?? (await newestCommit(context, input));
    const base = cursor?.base ?? null;
    if (!cursor || head === null || head === base)
      return { items: [], cursor: { base: head }, hasMore: false };
    if (base === null) return readFrom(context, input, head);
    return readBetween(context, input, { base, head, page: cursor.walk?.page ?? 1 });
  },
});

/** Null for a repository without commits, which GitHub answers with a conflict. */
async function newestCommit(context: GitHubContext, { owner, repo, branch }: Input): Promise<string | null> {
  const place = { owner, repo, per_page: 1, ...(branch !== undefined && { sha: branch }) };
  try {
    const [newest] = await callGitHub(context, z.array(GitHubCommit), ({ rest }) =>
      rest.repos.listCommits(place),
    );
    return newest?.sha ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return null;
    throw error;
  }
}

/** What came into an empty repository: its last commits, as many as one page holds. */
async function readFrom(context: GitHubContext, input: Input, head: string) {
  const { owner, repo } = input;
  const commits = await callGitHub(context, z.array(GitHubCommit), ({ rest }) =>
    rest.repos.listCommits({ owner, repo, sha: head, per_page: pageSize }),
  );
  return {
    items: commits.reverse().map((commit) => itemOf(commit, input)),
    cursor: { base: head },
    hasMore: false,
  };
}

async function readBetween(
  context: GitHubContext,
  input: Input,
  { base, head, page }: { base: string; head: string; page: number },
) {
  const { owner, repo } = input;
  const compared = await callGitHub(context, Comparison, ({ rest }) =>
    rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${base}...${head}`,
      per_page: pageSize,
      page,
    }),
  ).catch((error: unknown) => {
    // After a forced push the old commit may be gone; from here on it goes on with the new one.
    if (error instanceof AppError && error.code === 'not_found') return { total_commits: 0, commits: [] };
    throw error;
  });
  const hasMore = page * pageSize < compared.total_commits;
  const cursor: Cursor = hasMore ? { base, walk: { head, page: page + 1 } } : { base: head };
  return { items: compared.commits.map((commit) => itemOf(commit, input)), cursor, hasMore };
}

function itemOf(commit: z.output<typeof GitHubCommit>, { owner, repo, branch }: Input) {
  const repository = `${owner}/${repo}`;
  return {
    id: `${repository}:${commit.sha}`,
    payload: toCommit(commit, { repository, branch: branch ?? null }),
  };
}
