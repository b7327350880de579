import { z } from 'zod';
import { withoutMarker } from './marker.js';

const User = z.looseObject({ login: z.string() }).nullish();

/** The part of GitHub's issue that is read. https://docs.github.com/rest/issues/issues */
export const GitHubIssue = z.looseObject({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: User,
  labels: z.array(z.union([z.string(), z.looseObject({ name: z.string().nullish() })])),
  assignees: z.array(z.looseObject({ login: z.string() })).nullish(),
  comments: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
});

/** The part of GitHub's comment that is read. https://docs.github.com/rest/issues/comments */
export const GitHubComment = z.looseObject({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: User,
  created_at: z.string(),
});

/** An issue as our actions give it. Times are ISO 8601. */
export const Issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.string(),
  url: z.string(),
  body: z.string(),
  /** Login of the author; null when the account is gone. */
  user: z.string().nullable(),
  /** Names. */
  labels: z.array(z.string()),
  /** Logins. */
  assignees: z.array(z.string()),
  /** How many there are. */
  comments: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
});

export const Comment = z.object({
  id: z.number(),
  url: z.string(),
  body: z.string(),
  /** Login of the author; null when the account is gone. */
  user: z.string().nullable(),
  createdAt: z.string(),
});

/** GitHub's issue in our form. */
export function toIssue(issue: z.output<typeof GitHubIssue>): z.output<typeof Issue> {
  return {
    id: issue.id,
    number: issue.number,
    title: issue.title,
    state: issue.state,
    url: issue.html_url,
    body: withoutMarker(issue.body ?? ''),
    user: issue.user?.login ?? null,
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    assignees: (issue.assignees ?? []).map(({ login }) => login),
    comments: issue.comments,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    closedAt: issue.closed_at ?? null,
  };
}

/** GitHub's comment in our form. */
export function toComment(comment: z.output<typeof GitHubComment>): z.output<typeof Comment> {
  return {
    id: comment.id,
    url: comment.html_url,
    body: withoutMarker(comment.body ?? ''),
    user: comment.user?.login ?? null,
    createdAt: comment.created_at,
  };
}
