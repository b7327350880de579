import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { z } from 'zod';
import { deleteAgentRuns } from '#runtime/retention/delete-agent-runs.js';
import { buildAgent } from '../builders/build-agent.js';
import { buildOrganization } from '../builders/build-organization.js';
import { openOwner } from '../owner.js';
import { type TestSystem, testSystem } from '../system.js';

const Id = z.object({ id: z.uuid() });

describe('conversations with agents that nobody goes on with', () => {
  let system: TestSystem;
  let owner: postgres.Sql;
  before(async () => {
    system = await testSystem();
    owner = openOwner(system.stack);
  });

  it('go after the days of the organization, with messages and steps; what is at work stays', async () => {
    const { app } = system;
    const [own, other] = [await buildOrganization(app), await buildOrganization(app)];
    for (const { orgId, userId, caller } of [own, other]) {
      const agentId = await buildAgent(app, caller, {});
      // Past the dispatcher, so that no worker takes them up.
      const ask = async (title: string, changes: object, days: number, parent?: string) => {
        const set = { ...changes, ...(parent && { parent_run_id: parent, parent_step: 1 }) };
        const run = { org_id: orgId, agent_id: agentId, agent_version: 1, user_id: userId, title, ...set };
        const [made] = await owner`INSERT INTO agent_runs ${owner(run)} RETURNING id`;
        const { id } = Id.parse(made);
        await owner`UPDATE agent_runs SET active_at = now() - make_interval(days => ${days}) WHERE id = ${id}`;
        await owner`INSERT INTO agent_steps (org_id, run_id, number, kind) VALUES (${orgId}, ${id}, 1, 'model')`;
        await owner`INSERT INTO agent_messages (org_id, run_id, number, role, content)
          VALUES (${orgId}, ${id}, 1, 'user', '{}')`;
        return id;
      };
      const old = '2020-01-01';
      await ask('old and idle', { status: 'idle' }, 31);
      await ask('old and failed', { status: 'failed' }, 31);
      await ask('put away', { status: 'waiting', deleted_at: old }, 31);
      await ask('young', { status: 'idle' }, 29);
      await ask('waits', { status: 'waiting' }, 100);
      const parent = await ask('goes on', { status: 'running' }, 31);
      await ask('handed on', { status: 'succeeded', finished_at: old }, 31, parent);
      const over = await ask('over', { status: 'succeeded', finished_at: old }, 31);
      await ask('handed on by what is over', { status: 'succeeded', finished_at: old }, 31, over);
    }
    const sweep = () =>
      app.services.database.withOrg(own.orgId, (transaction) => deleteAgentRuns(transaction, 30));
    while ((await sweep()) > 0);
    const left = async (orgId: string) =>
      (await owner`SELECT title FROM agent_runs WHERE org_id = ${orgId} ORDER BY title`).map(
        ({ title }) => title,
      );
    assert.deepEqual(await left(own.orgId), ['goes on', 'handed on', 'waits', 'young']);
    assert.equal((await left(other.orgId)).length, 9);
    for (const table of ['agent_messages', 'agent_steps']) {
      const [row] =
        await owner`SELECT count(*)::integer AS count FROM ${owner(table)} WHERE org_id = ${own.orgId}`;
      assert.equal(row?.count, 4, table);
    }
  });
});
