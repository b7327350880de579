import { z } from 'zod';

// https://docs.github.com/webhooks/webhook-events-and-payloads: the fields that automations use. Everything else
// GitHub sends stays in the payload as well.

const User = z.looseObject({ login: z.string(), id: z.number(), type: z.string().optional() });

const Label = z.looseObject({ name: z.string(), color: z.string(), description: z.string().nullish() });

const Repository = z.looseObject({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  html_url: z.string(),
  description: z.string().nullish(),
  default_branch: z.string().optional(),
  owner: z.looseObject({ login: z.string().optional() }),
});

const IssueOfPayload = z.looseObject({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string().optional(),
  html_url: z.string(),
  user: User.nullish(),
  labels: z.array(Label).optional(),
  assignees: z.array(User.nullable()).optional(),
  milestone: z.looseObject({ title: z.string() }).nullish(),
  comments: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
});

const PullRequest = z.looseObject({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  merged: z.boolean().nullish(),
  html_url: z.string(),
  user: User.nullable(),
  labels: z.array(Label),
  assignees: z.array(User.nullable()),
  requested_reviewers: z.array(z.looseObject({})).optional(),
  head: z.looseObject({ ref: z.string(), sha: z.string() }),
  base: z.looseObject({ ref: z.string(), sha: z.string() }),
  merged_at: z.string().nullish(),
  merged_by: User.nullish(),
  merge_commit_sha: z.string().nullish(),
  additions: z.number().optional(),
  deletions: z.number().optional(),
  changed_files: z.number().optional(),
  created_at: z.string(),
});

const event = { repository: Repository, sender: User.optional(), organization: z.looseObject({}).optional() };

export const IssuePayload = z.looseObject({ ...event, action: z.string(), issue: IssueOfPayload });

/** `label` is the one that was added. */
export const IssueLabeledPayload = IssuePayload.extend({ label: Label.optional() });

export const IssueCommentPayload = IssuePayload.extend({
  comment: z.looseObject({
    id: z.number(),
    body: z.string(),
    html_url: z.string(),
    user: User.nullable(),
    created_at: z.string(),
  }),
});

export const PullRequestPayload = z.looseObject({
  ...event,
  action: z.string(),
  number: z.number(),
  pull_request: PullRequest,
});

const CommitAuthor = z.looseObject({
  name: z.string(),
  email: z.string().nullish(),
  username: z.string().nullish(),
});

const Commit = z.looseObject({
  id: z.string(),
  message: z.string(),
  timestamp: z.string(),
  url: z.string(),
  author: CommitAuthor,
  added: z.array(z.string()).optional(),
  modified: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
});

/** `ref` is `refs/heads/<branch>` or `refs/tags/<tag>`. */
export const PushPayload = z.looseObject({
  ...event,
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  created: z.boolean(),
  deleted: z.boolean(),
  forced: z.boolean(),
  compare: z.string(),
  commits: z.array(Commit),
  head_commit: Commit.nullable(),
  pusher: CommitAuthor,
});

export const ReleasePayload = z.looseObject({
  ...event,
  action: z.string(),
  release: z.looseObject({
    id: z.number(),
    tag_name: z.string(),
    name: z.string().nullish(),
    body: z.string().nullish(),
    html_url: z.string(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    published_at: z.string().nullable(),
    author: User.nullable(),
  }),
});

export const WorkflowRunPayload = z.looseObject({
  ...event,
  action: z.string(),
  workflow_run: z.looseObject({
    id: z.number(),
    name: z.string().nullish(),
    status: z.string().nullable(),
    /** success, failure, cancelled, timed_out … */
    conclusion: z.string().nullish(),
    event: z.string(),
    head_branch: z.string().nullable(),
    head_sha: z.string(),
    html_url: z.string(),
    run_number: z.number(),
    actor: User.nullish(),
  }),
});
