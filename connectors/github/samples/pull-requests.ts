import type { z } from 'zod';
import type { PullRequestPayload } from '../webhook-payloads.js';
import { ada, ben, bugLabel, repository, source } from './repository.js';

type Payload = z.output<typeof PullRequestPayload>;

const number = 43;

const pullRequest: Payload['pull_request'] = {
  id: 6001,
  number,
  title: 'Accept orders without a phone number',
  body: 'The phone number is optional now. Closes #42.',
  state: 'open',
  draft: false,
  merged: false,
  html_url: `${repository.html_url}/pull/${number}`,
  user: ada,
  labels: [bugLabel],
  assignees: [ada],
  requested_reviewers: [ben],
  head: { ref: 'optional-phone', sha: '6f1c3ab0d27e94558c1be0a7f36d92e41b85c0da' },
  base: { ref: 'main', sha: '1b9e7f40c6a2d83f5e0471bc98d36a25f7e4c013' },
  merged_at: null,
  merged_by: null,
  merge_commit_sha: null,
  additions: 18,
  deletions: 4,
  changed_files: 3,
  created_at: '2026-05-05T15:30:00Z',
};

const closed = { ...pullRequest, state: 'closed', closed_at: '2026-05-06T14:03:10Z' };

export const pullRequestOpened: Payload = {
  ...source,
  action: 'opened',
  number,
  pull_request: pullRequest,
};

export const pullRequestClosed: Payload = { ...source, action: 'closed', number, pull_request: closed };

export const pullRequestMerged: Payload = {
  ...source,
  action: 'closed',
  number,
  pull_request: {
    ...closed,
    merged: true,
    merged_at: '2026-05-06T14:03:10Z',
    merged_by: ben,
    merge_commit_sha: 'c5d2f80e917a4b36d0e1a9c84f7b2536e8d1047f',
  },
};
