import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { projectRoot } from '#runtime/project-root.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { servedSystem } from '../ingress/served-system.js';
import { type AuditSystem, auditSystem, buildSealed, Status, tamper } from './audit-system.js';

async function run(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const path = join(projectRoot, 'dist', 'stack', 'audit', 'verify-audit.js');
  const child = spawn(process.execPath, [path, ...args], { env: environment, timeout: 50_000 });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, output, errors };
}

describe('npm run audit:verify', () => {
  let system: AuditSystem;
  before(async () => {
    system = await auditSystem();
  });

  const slugOf = async (orgId: string) => {
    const [row] = await system.owner`SELECT slug::text FROM organizations WHERE id = ${orgId}`;
    return z.object({ slug: z.string() }).parse(row).slug;
  };
  const direct = (...args: string[]) =>
    run(['--direct', ...args], { DATABASE_URL: system.stack.databaseUrl });

  it('says of a whole log that it holds, and of a broken one where', async () => {
    await buildSealed(system, 2);
    const { orgId, auditIds, caller } = await buildSealed(system, 5);
    const slug = await slugOf(orgId);
    const { seal } = Status.parse(await system.app.perform(caller, 'audit.status', {}));
    const whole = await direct('--org', slug, '--anchor', `${seal?.number}:${seal?.hash}`);
    assert.deepEqual(whole, { status: 0, output: `${slug}: 5 entries hold\n`, errors: '' });
    await tamper(system, (sql) => sql`UPDATE audit_log SET action = 'x.y' WHERE id = ${auditIds[3] ?? ''}`);
    const broken = await direct('--org', slug);
    assert.equal(broken.status, 1);
    assert.equal(
      broken.output,
      `${slug}: BROKEN, edited at position 4, entry ${auditIds[3]}; 3 entries before it hold\n`,
    );
    const all = await direct();
    assert.equal(all.status, 1);
    assert.ok(all.output.split('\n').length > 2, 'it goes on with the other organizations');
  });

  it('goes through the API with the key of an owner', async () => {
    const { app, address } = await servedSystem();
    const { caller } = await buildOrganization(app);
    await buildProject(app, caller);
    const made = await app.perform(caller, 'api_keys.create', { name: 'Auditor', scopes: ['audit:read'] });
    const { key } = z.object({ key: z.string() }).parse(made);
    const { status, output } = await run([], { WORKSYNAPSE_URL: address, WORKSYNAPSE_API_KEY: key });
    assert.equal(status, 0);
    assert.match(output, /entries hold\n$/);
  });

  it('says what is wrong with the call, with status 2', async () => {
    for (const [args, environment, message] of [
      [['--direct'], {}, /Set DATABASE_URL/],
      [
        ['--direct', '--org', 'no-such'],
        { DATABASE_URL: system.stack.databaseUrl },
        /no organization no-such/,
      ],
      [['--org', 'x'], {}, /--org goes with --direct/],
      [['--anchor', 'none'], {}, /number of a seal/],
    ] as const) {
      const { status, errors } = await run([...args], environment);
      assert.match(errors, message);
      assert.equal(status, 2);
    }
  });
});
