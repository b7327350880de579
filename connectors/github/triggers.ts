import type { ConnectorTrigger } from '#core/connector.js';
import { newCommit } from './new-commit.js';
import { push } from './samples/commits.js';
import { issueClosed, issueCommented, issueLabeled, issueOpened } from './samples/issues.js';
import { pullRequestClosed, pullRequestMerged, pullRequestOpened } from './samples/pull-requests.js';
import { releasePublished, workflowRunCompleted } from './samples/releases.js';
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
    sample: issueOpened,
  },
  {
    name: 'github.issue_closed',
    title: 'Issue closed',
    description: 'An issue was closed.',
    output: IssuePayload,
    sample: issueClosed,
  },
  {
    name: 'github.issue_labeled',
    title: 'Issue labeled',
    description: 'A label was added to an issue.',
    output: IssueLabeledPayload,
    sample: issueLabeled,
  },
  {
    name: 'github.issue_commented',
    title: 'Issue commented',
    description: 'Somebody commented on an issue or a pull request.',
    output: IssueCommentPayload,
    sample: issueCommented,
  },
  {
    name: 'github.pull_request_opened',
    title: 'Pull request opened',
    description: 'Somebody opened a pull request.',
    output: PullRequestPayload,
    sample: pullRequestOpened,
  },
  {
    name: 'github.pull_request_closed',
    title: 'Pull request closed',
    description: 'A pull request was closed, merged or not.',
    output: PullRequestPayload,
    sample: pullRequestClosed,
  },
  {
    name: 'github.pull_request_merged',
    title: 'Pull request merged',
    description: 'A pull request was merged.',
    output: PullRequestPayload,
    sample: pullRequestMerged,
  },
  {
    name: 'github.push',
    title: 'Push',
    description: 'Commits or tags were pushed to a repository.',
    output: PushPayload,
    sample: push,
  },
  {
    name: 'github.release_published',
    title: 'Release published',
    description: 'A release was published.',
    output: ReleasePayload,
    sample: releasePublished,
  },
  {
    name: 'github.workflow_run_completed',
    title: 'Workflow run completed',
    description: 'A run of GitHub Actions finished, with success or not.',
    output: WorkflowRunPayload,
    sample: workflowRunCompleted,
  },
  newCommit,
];
