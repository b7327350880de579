import { z } from 'zod';
import { defineConnectorAction } from '#core/connector.js';
import { callGitHub } from './client.js';
import type { GitHubContext } from './connection.js';
import { findEarlier, lookBackSince } from './find-earlier.js';
import { GitHubIssue, Issue, toIssue } from './issue.js';
import { withMarker } from './marker.js';
import { Body, RepositoryInput } from './repository-input.js';

export const createIssue = defineConnectorAction({
  name: 'github.create_issue',
  title: 'Create issue',
  description: 'Opens an issue in a repository.',
  permission: 'github:create_issue',
  effect: 'send',
  input: RepositoryInput.extend({
    title: z.string().min(1).max(256),
    body: Body.default(''),
    labels: z.array(z.string().min(1)).max(100).optional(),
    /** Logins. */
    assignees: z.array(z.string().min(1)).max(10).optional(),
  }),
  output: Issue,
  async run(context: GitHubContext, { owner, repo, title, body, labels, assignees }) {
    const issue = await callGitHub(context, GitHubIssue, async ({ rest, paginate }) => {
      if (context.isRetry) {
        const recent = { owner, repo, state: 'all', since: lookBackSince(), per_page: 100 } as const;
        const pages = paginate.iterator(rest.issues.listForRepo, recent);
        const earlier = await findEarlier(pages, context.idempotencyKey);
        if (earlier) return { data: earlier };
      }
      return rest.issues.create({
        owner,
        repo,
        title,
        body: withMarker(body, context.idempotencyKey),
        ...(labels && { labels }),
        ...(assignees && { assignees }),
      });
    });
    return toIssue(issue);
  },
});
