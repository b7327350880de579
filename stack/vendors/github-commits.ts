import { createHash } from 'node:crypto';
import type { VendorAnswer } from './vendor-server.js';

export interface GitHubCommit {
  sha: string;
  html_url: string;
  commit: {
    message: string;
    author: { name: string; email: string; date: string };
    committer: { name: string; email: string; date: string };
  };
  author: { login: string; id: number; type: 'User' };
  parents: { sha: string }[];
}

/** The default branch of repositories of a local GitHub: commits in a row, as its REST API answers them. */
export class GitHubCommits {
  private readonly branches = new Map<string, GitHubCommit[]>();

  constructor(private readonly login: string) {}

  /** Adds a commit to the branch. */
  push(repository: string, message: string): GitHubCommit {
    const branch = this.branches.get(repository) ?? [];
    const parent = branch.at(-1);
    const sha = createHash('sha1').update(`${parent?.sha}${message}${branch.length}`).digest('hex');
    const signature = { name: 'Mona', email: 'mona@example.com', date: new Date().toISOString() };
    const commit: GitHubCommit = {
      sha,
      html_url: `https://github.com/${repository}/commit/${sha}`,
      commit: { message, author: signature, committer: signature },
      author: { login: this.login, id: 1, type: 'User' },
      parents: parent ? [{ sha: parent.sha }] : [],
    };
    this.branches.set(repository, [...branch, commit]);
    return commit;
  }

  /** Forgets all commits, as a forced push does. */
  rewrite(repository: string): void {
    this.branches.delete(repository);
  }

  /** `GET /repos/{owner}/{repo}/commits`: newest first, from `sha` where one is given. */
  list(repository: string, url: URL): VendorAnswer {
    const branch = this.branches.get(repository) ?? [];
    if (branch.length === 0) return { status: 409, body: { message: 'Git Repository is empty.' } };
    const from = url.searchParams.get('sha');
    const end = branch.findIndex(({ sha }) => sha === from);
    const newestFirst = branch.slice(0, end < 0 ? branch.length : end + 1).reverse();
    return { body: pageOf(newestFirst, url) };
  }

  /** `GET /repos/{owner}/{repo}/compare/{base}...{head}`: oldest first, in pages. */
  compare(repository: string, basehead: string, url: URL): VendorAnswer {
    const branch = this.branches.get(repository) ?? [];
    const [base, head] = basehead.split('...').map((sha) => branch.findIndex((commit) => commit.sha === sha));
    if (base === undefined || head === undefined || base < 0 || head < 0) {
      return { status: 404, body: { message: 'Not Found', status: '404' } };
    }
    const ahead = branch.slice(base + 1, head + 1);
    return {
      body: {
        status: ahead.length === 0 ? 'identical' : 'ahead',
        ahead_by: ahead.length,
        behind_by: 0,
        total_commits: ahead.length,
        commits: pageOf(ahead, url),
      },
    };
  }
}

function pageOf(all: readonly GitHubCommit[], url: URL): readonly GitHubCommit[] {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const number = Number(url.searchParams.get('page') ?? 1);
  return all.slice((number - 1) * size, number * size);
}
