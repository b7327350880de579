import { z } from 'zod';
import { defineConnectorAction } from '#core/connector.js';
import { callGitHub } from './client.js';
import type { GitHubContext } from './connection.js';
import { findEarlier, lookBackSince } from './find-earlier.js';
import { Comment, GitHubComment, toComment } from './issue.js';
import { withMarker } from './marker.js';
import { Body, RepositoryInput } from './repository-input.js';

export const createComment = defineConnectorAction({
  name: 'github.create_comment',
  title: 'Comment on an issue',
  description: 'Adds a comment to an issue or a pull request.',
  permission: 'github:create_comment',
  effect: 'send',
  input: RepositoryInput.extend({ number: z.int().positive(), body: Body.min(1) }),
  output: Comment,
  async run(context: GitHubContext, { owner, repo, number, body }) {
    const comment = await callGitHub(context, GitHubComment, async ({ rest, paginate }) => {
      const place = { owner, repo, issue_number: number };
      if (context.isRetry) {
        const recent = { ...place, since: lookBackSince(), per_page: 100 };
        const pages = paginate.iterator(rest.issues.listComments, recent);
        const earlier = await findEarlier(pages, context.idempotencyKey);
        if (earlier) return { data: earlier };
      }
      return rest.issues.createComment({ ...place, body: withMarker(body, context.idempotencyKey) });
    });
    return toComment(comment);
  },
});
