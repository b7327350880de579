import assert from 'node:assert/strict';
import { AppError } from '#core/errors.js';
import { memoryApp, orgId, serve, userId } from '../testing/memory-app.js';

const link = { orgId, userId, approvalId: '0198c0de-0000-7000-8000-00000000000c' };

describe('the address of a mailed link', () => {
  for (const code of ['not_found', 'internal'] as const) {
    it(`does not get into the log when it ends with ${code}`, async () => {
      const app = await memoryApp({
        perform: async () => {
          throw new AppError(code, 'On purpose');
        },
      });
      const server = await serve(app);
      const token = await app.services.approvalLinks.issue(link, new Date(Date.now() + 60_000));
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? { body: new URLSearchParams({ decision: 'approved' }) } : {};
        const response = await fetch(`${server.url}/approvals/${token}?decision=approved`, {
          method,
          ...body,
        });
        assert.equal(response.status, code === 'internal' ? 500 : 404);
      }
      await server.close();
      const logged = JSON.stringify(app.logs);
      assert.match(logged, /"path":"\/approvals\/:token"/);
      for (const part of token.split('.')) assert.ok(!logged.includes(part), logged);
    });
  }
});
