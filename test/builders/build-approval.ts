import assert from 'node:assert/strict';
import type { ParsedMail } from 'mailparser';
import { z } from 'zod';
import { manual, set } from '../automation/nodes.js';
import { eventually } from '../eventually.js';
import { buildAutomation } from './build-automation.js';
import type { BuiltOrganization } from './build-organization.js';
import type { BuilderApp } from './builder-app.js';
import { startRun } from './watch-runs.js';

const Page = z.object({ items: z.array(z.object({ id: z.uuid() })) });

export interface BuiltApproval {
  id: string;
  runId: string;
  automationId: string;
}

/** An approval that a run waits for. `node`: fields of the approval node; the run goes on to `yes`, `no` or `late`. */
export async function buildApproval(
  app: BuilderApp,
  { caller }: Pick<BuiltOrganization, 'caller'>,
  node: Readonly<Record<string, unknown>>,
): Promise<BuiltApproval> {
  const ask = {
    id: 'ask',
    type: 'approval',
    input: { title: 'Pay <100>?', message: 'To "Ada" & co' },
    ...node,
  };
  const hasTimeout = 'timeout' in node;
  const nodes = [ask, set('yes', {}), set('no', {}), ...(hasTimeout ? [set('late', {})] : [])];
  const late = hasTimeout ? ['ask.timeout > late'] : [];
  const definition = manual(nodes, 'trigger > ask', 'ask.approved > yes', 'ask.rejected > no', ...late);
  const { id: automationId } = await buildAutomation(app, caller, definition);
  const runId = await startRun(app, caller, automationId);
  const id = await eventually('an approval is asked for', async () => {
    const { items } = Page.parse(await app.perform(caller, 'approvals.list', { runId }));
    return items[0]?.id;
  });
  return { id, runId, automationId };
}

/** The path of the page that a mail's links lead to, without the decision that each means. */
export function linkIn(mail: ParsedMail | undefined): string {
  const [, path] = /https?:\/\/[^/\s]+(\/approvals\/[^\s?]+)\?decision=approved/.exec(mail?.text ?? '') ?? [];
  return path ?? assert.fail(`no link in ${mail?.text}`);
}
