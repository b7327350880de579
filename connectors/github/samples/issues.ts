import type { z } from 'zod';
import type { IssueCommentPayload, IssueLabeledPayload, IssuePayload } from '../webhook-payloads.js';
import { ada, ben, bugLabel, repository, source } from './repository.js';

const issue = {
  id: 4001,
  number: 42,
  title: 'Checkout fails for orders without a phone number',
  body: 'Steps: leave the phone number empty and press "Order". A page with the number 500 appears.',
  state: 'open',
  html_url: `${repository.html_url}/issues/42`,
  user: ada,
  labels: [bugLabel],
  assignees: [ben],
  milestone: { title: 'Summer release' },
  comments: 0,
  created_at: '2026-05-04T09:12:30Z',
  updated_at: '2026-05-04T09:12:30Z',
  closed_at: null,
};

export const issueOpened: z.output<typeof IssuePayload> = { ...source, action: 'opened', issue };

export const issueClosed: z.output<typeof IssuePayload> = {
  ...source,
  action: 'closed',
  issue: {
    ...issue,
    state: 'closed',
    comments: 1,
    updated_at: '2026-05-06T14:03:11Z',
    closed_at: '2026-05-06T14:03:11Z',
  },
};

export const issueLabeled: z.output<typeof IssueLabeledPayload> = {
  ...source,
  action: 'labeled',
  issue: { ...issue, updated_at: '2026-05-04T10:20:00Z' },
  label: bugLabel,
};

export const issueCommented: z.output<typeof IssueCommentPayload> = {
  ...source,
  action: 'created',
  issue: { ...issue, comments: 1, updated_at: '2026-05-05T08:45:02Z' },
  comment: {
    id: 5001,
    body: 'I can see it too, with every browser.',
    html_url: `${issue.html_url}#issuecomment-5001`,
    user: ada,
    created_at: '2026-05-05T08:45:02Z',
  },
};
