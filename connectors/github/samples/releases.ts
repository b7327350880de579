import type { z } from 'zod';
import type { ReleasePayload, WorkflowRunPayload } from '../webhook-payloads.js';
import { ada, ben, repository, source } from './repository.js';

export const releasePublished: z.output<typeof ReleasePayload> = {
  ...source,
  action: 'published',
  release: {
    id: 7001,
    tag_name: 'v1.4.0',
    name: 'Summer release',
    body: '- Orders need no phone number any more\n- The basket loads faster',
    html_url: `${repository.html_url}/releases/tag/v1.4.0`,
    draft: false,
    prerelease: false,
    published_at: '2026-06-01T07:00:00Z',
    author: ben,
  },
};

export const workflowRunCompleted: z.output<typeof WorkflowRunPayload> = {
  ...source,
  action: 'completed',
  workflow_run: {
    id: 8001,
    name: 'Tests',
    status: 'completed',
    conclusion: 'failure',
    event: 'push',
    head_branch: 'main',
    head_sha: 'c5d2f80e917a4b36d0e1a9c84f7b2536e8d1047f',
    html_url: `${repository.html_url}/actions/runs/8001`,
    run_number: 316,
    actor: ada,
  },
};
