import { type GitHubCommit, GitHubCommits } from './github-commits.js';
import { type GitHubComment, type GitHubIssue, GitHubRepositories, page } from './github-repositories.js';
import {
  startVendorServer,
  type VendorAnswer,
  type VendorFailure,
  type VendorRequest,
} from './vendor-server.js';

export type { GitHubComment, GitHubIssue } from './github-repositories.js';

export interface GitHubServerOptions {
  /** 0 unless given: any free port. */
  port?: number;
  token: string;
  /** Whose token it is. */
  login?: string;
  /** `owner/name` of the repositories that exist; any repository exists when absent. */
  repositories?: readonly string[];
  /** Logins of the organizations that the token's account is in. */
  organizations?: readonly string[];
}

export interface GitHubServer {
  /** Base address of the REST API, without a trailing slash. */
  url: string;
  /** In the order in which they were created. */
  issues: readonly GitHubIssue[];
  comments: readonly GitHubComment[];
  readonly requests: number;
  /** Adds a commit to the default branch of `owner/name`. */
  pushCommit(repository: string, message: string): GitHubCommit;
  /** Forgets all commits of `owner/name`, as a forced push does. */
  rewriteCommits(repository: string): void;
  failNext(times: number, failure: VendorFailure): void;
  close(): Promise<void>;
}

/**
 * A local GitHub that speaks its REST API (https://docs.github.com/rest): the signed-in user with organizations and
 * repositories, issues and their comments with create, get and paginated list, and commits with list and compare.
 */
export async function startGitHubServer(options: GitHubServerOptions): Promise<GitHubServer> {
  const login = options.login ?? 'worksynapse-bot';
  const repositories = new GitHubRepositories(login, options.repositories);
  const commits = new GitHubCommits(login);
  const server = await startVendorServer(options.port ?? 0, (request) => {
    const scheme = request.headers.authorization?.split(' ');
    if (!/^(token|bearer)$/i.test(scheme?.[0] ?? '') || scheme?.[1] !== options.token) {
      return {
        status: 401,
        body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' },
      };
    }
    if (request.url.pathname === '/user') return { body: { login, id: 1, type: 'User' } };
    if (request.url.pathname === '/user/orgs') return organizationsOf(options, request.url);
    if (request.url.pathname === '/user/repos') return repositories.list(request.url);
    return route(repositories, commits, request);
  });
  return {
    url: server.origin,
    issues: repositories.issues,
    comments: repositories.comments,
    get requests() {
      return server.requests;
    },
    pushCommit: (repository, message) => commits.push(repository, message),
    rewriteCommits: (repository) => commits.rewrite(repository),
    failNext: server.failNext,
    close: server.close,
  };
}

function route(
  repositories: GitHubRepositories,
  commits: GitHubCommits,
  { method, url, body }: VendorRequest,
): VendorAnswer {
  const [, area, owner, name, resource, number, part] = url.pathname.split('/');
  const repository = `${owner}/${name}`;
  if (area !== 'repos' || !repositories.has(repository)) return notFound;
  if (method === 'GET' && resource === 'commits') return commits.list(repository, url);
  if (method === 'GET' && resource === 'compare') {
    return commits.compare(repository, decodeURIComponent(number ?? ''), url);
  }
  if (resource !== 'issues') return notFound;
  const given: unknown = method === 'POST' ? JSON.parse(body.toString()) : undefined;
  if (number === undefined) {
    return method === 'POST'
      ? repositories.createIssue(repository, given)
      : repositories.listIssues(repository, url);
  }
  const issue = repositories.findIssue(repository, Number(number));
  if (!issue) return notFound;
  if (part === undefined) return { body: issue };
  if (part !== 'comments') return notFound;
  return method === 'POST' ? repositories.createComment(issue, given) : repositories.listComments(issue, url);
}

function organizationsOf({ organizations = [] }: GitHubServerOptions, url: URL): VendorAnswer {
  return page(
    organizations.map((login, index) => ({ login, id: index + 1 })),
    url,
  );
}

const notFound: VendorAnswer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
};
