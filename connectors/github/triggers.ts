import type { ConnectorTrigger } from '#core/connector.js';
import { newCommit } from './new-commit.js';
import {
  IssueCommentPayload,
  IssueLabeledPayload,
  IssuePayload,
  PullRequestPayload,
  PushPayload,
  ReleasePayload,
  WorkflowRunPayload,
} from './webhook-payloads.js';

/** What can start an automation. The payload of a webhook is GitHub's own, whole. */
export const githubTriggers: readonly ConnectorTrigger[] = [
  {
    name: 'github.issue_opened',
    title: 'Issue opened',
    description: 'Somebody opened an issue.',
    output: IssuePayload,
  },
  {
    name: 'github.issue_closed',
    title: 'Issue closed',
    description: 'An issue was closed.',
    output: IssuePayload,
  },
  {
    name: 'github.issue_labeled',
    title: 'Issue labeled',
    description: 'A label was added to an issue.',
    output: IssueLabeledPayload,
  },
  {
    name: 'github.issue_commented',
    title: 'Issue commented',
    description: 'Somebody commented on an issue or a pull request.',
    output: IssueCommentPayload,
  },
  {
    name: 'github.pull_request_opened',
    title: 'Pull request opened',
    description: 'Somebody opened a pull request.',
    output: PullRequestPayload,
  },
  {
    name: 'github.pull_request_closed',
    title: 'Pull request closed',
    description: 'A pull request was closed, merged or not.',
    output: PullRequestPayload,
  },
  {
    name: 'github.pull_request_merged',
    title: 'Pull request merged',
    description: 'A pull request was merged.',
    output: PullRequestPayload,
  },
  {
    name: 'github.push',
    title: 'Push',
    description: 'Commits or tags were pushed to a repository.',
    output: PushPayload,
  },
  {
    name: 'github.release_published',
    title: 'Release published',
    description: 'A release was published.',
    output: ReleasePayload,
  },
  {
    name: 'github.workflow_run_completed',
    title: 'Workflow run completed',
    description: 'A run of GitHub Actions finished, with success or not.',
    output: WorkflowRunPayload,
  },
  newCommit,
];
