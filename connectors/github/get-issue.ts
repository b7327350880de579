import { z } from 'zod';
import { defineConnectorAction } from '#core/connector.js';
import { callGitHub } from './client.js';
import type { GitHubContext } from './connection.js';
import { GitHubIssue, Issue, toIssue } from './issue.js';
import { RepositoryInput } from './repository-input.js';

export const getIssue = defineConnectorAction({
  name: 'github.get_issue',
  title: 'Get issue',
  description: 'Reads an issue of a repository.',
  permission: 'github:get_issue',
  effect: 'read',
  input: RepositoryInput.extend({ number: z.int().positive() }),
  output: Issue,
  async run(context: GitHubContext, { owner, repo, number }) {
    const issue = await callGitHub(context, GitHubIssue, ({ rest }) =>
      rest.issues.get({ owner, repo, issue_number: number }),
    );
    return toIssue(issue);
  },
});
