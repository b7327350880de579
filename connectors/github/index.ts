import { z } from 'zod';
import { defineConnector } from '#core/connector.js';
import { callGitHub } from './client.js';
import { GitHubConfig, GitHubSecret } from './connection.js';
import { createComment } from './create-comment.js';
import { createIssue } from './create-issue.js';
import { getIssue } from './get-issue.js';
import { listOwners } from './list-owners.js';
import { listRepositories } from './list-repositories.js';
import { githubTriggers } from './triggers.js';
import { githubWebhook } from './webhook.js';

export const github = defineConnector({
  name: 'github',
  title: 'GitHub',
  description: 'Issues, pull requests, releases and workflow runs of GitHub repositories.',
  config: GitHubConfig,
  auth: { kind: 'token', secret: GitHubSecret },
  actions: [createIssue, createComment, getIssue, listOwners, listRepositories],
  triggers: githubTriggers,
  webhook: githubWebhook,
  async test(context) {
    const user = await callGitHub(context, z.looseObject({ login: z.string() }), ({ rest }) =>
      rest.users.getAuthenticated(),
    );
    return { account: user.login };
  },
});
