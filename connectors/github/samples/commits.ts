import type { z } from 'zod';
import type { Commit } from '../commit.js';
import type { PushPayload } from '../webhook-payloads.js';
import { ada, repository, source } from './repository.js';

const before = '1b9e7f40c6a2d83f5e0471bc98d36a25f7e4c013';
const after = 'c5d2f80e917a4b36d0e1a9c84f7b2536e8d1047f';
const message = 'Accept orders without a phone number';
const url = `${repository.html_url}/commit/${after}`;
const author = { name: 'Ada Example', email: 'ada@example.com' };

const pushed = {
  id: after,
  message,
  timestamp: '2026-05-06T16:03:10+02:00',
  url,
  author: { ...author, username: ada.login },
  added: ['src/orders/phone.ts'],
  modified: ['src/orders/form.ts', 'src/orders/form.test.ts'],
  removed: [],
};

export const push: z.output<typeof PushPayload> = {
  ...source,
  ref: 'refs/heads/main',
  before,
  after,
  created: false,
  deleted: false,
  forced: false,
  compare: `${repository.html_url}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
  commits: [pushed],
  head_commit: pushed,
  pusher: { name: ada.login, email: author.email },
};

export const commit: z.output<typeof Commit> = {
  sha: after,
  url,
  message,
  repository: repository.full_name,
  branch: 'main',
  author: { ...author, login: ada.login },
  committedAt: '2026-05-06T14:03:10Z',
};
