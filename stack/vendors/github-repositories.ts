import type { VendorAnswer } from './vendor-server.js';

export interface GitHubIssue {
  id: number;
  number: number;
  title: string;
  state: 'open';
  body: string | null;
  user: { login: string; id: number; type: 'User' };
  labels: { id: number; name: string; color: string }[];
  assignees: { login: string }[];
  comments: number;
  html_url: string;
  repository_url: string;
  created_at: string;
  updated_at: string;
  closed_at: null;
}

export interface GitHubComment {
  id: number;
  body: string;
  user: { login: string; id: number; type: 'User' };
  html_url: string;
  created_at: string;
  updated_at: string;
}

/** The issues and comments of a local GitHub, as its REST API answers them. */
export class GitHubRepositories {
  readonly issues: GitHubIssue[] = [];
  readonly comments: GitHubComment[] = [];
  private readonly issueOfComment = new Map<GitHubComment, GitHubIssue>();
  private lastId = 1000;

  constructor(
    private readonly login: string,
    private readonly repositories: readonly string[] | undefined,
  ) {}

  has(repository: string): boolean {
    return this.repositories?.includes(repository) ?? true;
  }

  /** By their full names. */
  list(url: URL): VendorAnswer {
    const all = [...(this.repositories ?? [])].sort().map((full_name, index) => {
      const [owner = '', name = ''] = full_name.split('/');
      return { id: index + 1, name, full_name, private: false, owner: { login: owner } };
    });
    return page(all, url);
  }

  findIssue(repository: string, number: number): GitHubIssue | undefined {
    return this.of(repository).find((issue) => issue.number === number);
  }

  createIssue(repository: string, given: unknown): VendorAnswer {
    const fields = asRecord(given);
    if (typeof fields.title !== 'string' || fields.title === '') return missingField('Issue', 'title');
    const number = this.of(repository).length + 1;
    const issue: GitHubIssue = {
      ...this.stamp(),
      number,
      title: fields.title,
      state: 'open',
      body: typeof fields.body === 'string' ? fields.body : null,
      labels: names(fields.labels).map((name) => ({ id: this.nextId(), name, color: 'ededed' })),
      assignees: names(fields.assignees).map((login) => ({ login })),
      comments: 0,
      html_url: `https://github.com/${repository}/issues/${number}`,
      repository_url: `https://api.github.com/repos/${repository}`,
      closed_at: null,
    };
    this.issues.push(issue);
    return { status: 201, body: issue };
  }

  createComment(issue: GitHubIssue, given: unknown): VendorAnswer {
    const { body } = asRecord(given);
    if (typeof body !== 'string' || body === '') return missingField('IssueComment', 'body');
    const stamp = this.stamp();
    const comment: GitHubComment = { ...stamp, body, html_url: `${issue.html_url}#issuecomment-${stamp.id}` };
    this.comments.push(comment);
    this.issueOfComment.set(comment, issue);
    issue.comments += 1;
    return { status: 201, body: comment };
  }

  /** Newest first, GitHub's default. */
  listIssues(repository: string, url: URL): VendorAnswer {
    return page(this.of(repository).reverse(), url);
  }

  /** Oldest first, GitHub's only order. */
  listComments(issue: GitHubIssue, url: URL): VendorAnswer {
    return page(
      this.comments.filter((comment) => this.issueOfComment.get(comment) === issue),
      url,
    );
  }

  private of(repository: string): GitHubIssue[] {
    return this.issues.filter((issue) => issue.repository_url.endsWith(`/repos/${repository}`));
  }

  private stamp() {
    const now = new Date().toISOString();
    const user = { login: this.login, id: 1, type: 'User' as const };
    return { id: this.nextId(), user, created_at: now, updated_at: now };
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

/** A page of a list as GitHub numbers them, with the address of the next one. */
export function page(all: readonly object[], url: URL): VendorAnswer {
  const since = url.searchParams.get('since');
  const found =
    since === null
      ? all
      : all.filter(
          (entry) => 'updated_at' in entry && Date.parse(String(entry.updated_at)) >= Date.parse(since),
        );
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const number = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  const hasMore = number * size < found.length;
  const link = `<${next.href}>; rel="next"`;
  return { ...(hasMore && { headers: { link } }), body: found.slice((number - 1) * size, number * size) };
}

function missingField(resource: string, field: string): VendorAnswer {
  return {
    status: 422,
    body: { message: 'Validation Failed', errors: [{ resource, field, code: 'missing_field' }] },
  };
}

function asRecord(given: unknown): Record<string, unknown> {
  return typeof given === 'object' && given !== null ? { ...given } : {};
}

function names(given: unknown): string[] {
  return Array.isArray(given) ? given.map(String) : [];
}
