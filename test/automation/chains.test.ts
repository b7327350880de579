import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { runWorkflowId } from '#runtime/runs/workflow-id.js';
import { buildAutomation, type ShownRun } from '../builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { listTaskTitles } from '../builders/list-tasks.js';
import { finishedRun, runOnce, startRun, stepOf, stepStatuses } from '../builders/watch-runs.js';
import { readHistory } from '../history/stored-history.js';
import { type TestSystem, workingSystem } from '../system.js';
import { createTask, manual, set, type TestNode } from './nodes.js';

describe('domain actions one after the other', () => {
  let system: TestSystem;
  let organization: BuiltOrganization;
  let projectId: string;
  beforeEach(async () => {
    system = await workingSystem();
    organization = await buildOrganization(system.app);
    projectId = (await buildProject(system.app, organization.caller)).id;
  });

  const task = (id: string, title: string, more: object = {}): TestNode =>
    createTask(id, projectId, title, more);
  const run = (nodes: readonly TestNode[], ...between: readonly string[]) =>
    runOnce(system.app, organization.caller, manual(nodes, ...between));
  const titles = () => listTaskTitles(system.app, organization.caller, projectId);

  async function activitiesOf({ id }: ShownRun): Promise<number> {
    const { decoded } = await readHistory(system, runWorkflowId(organization.orgId, id));
    return decoded.events.filter((event) => event.markerRecordedEventAttributes).length;
  }

  it('are one activity, and each sees what the others gave', async () => {
    const shown = await run(
      [
        task('first', 'One'),
        task('second', 'Two after {{ steps.first.output.title }}'),
        task('third', 'Three after {{ steps.second.output.title }}, {{ steps.first.status }}'),
      ],
      'trigger > first',
      'first > second',
      'second > third',
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.deepEqual(await titles(), ['One', 'Three after Two after One, succeeded', 'Two after One']);
    assert.equal(await activitiesOf(shown), 1);
    for (const { attempts, startedAt, finishedAt } of shown.steps) {
      assert.equal(attempts, 1);
      assert.ok(startedAt && finishedAt && startedAt <= finishedAt);
    }
    const [first, second, third] = ['first', 'second', 'third'].map(
      (id) => stepOf(shown, id).startedAt ?? '',
    );
    assert.ok(first && second && third && first <= second && second <= third, 'they show in their order');
  });

  it('end where one fails, with what was done before it', async () => {
    const shown = await run(
      [
        task('first', 'One'),
        { ...task('second', 'Two'), input: { projectId: randomUUID(), title: 'Nowhere' } },
        task('third', 'Three'),
      ],
      'trigger > first',
      'first > second',
      'second > third',
    );
    assert.equal(shown.status, 'failed');
    assert.equal(shown.error?.node, 'second');
    assert.deepEqual(stepStatuses(shown), { first: 'succeeded', second: 'failed', third: 'skipped' });
    assert.deepEqual(await titles(), ['One']);
  });

  it('go on behind one that may fail, or by its error branch', async () => {
    const nowhere = (id: string, onError: string) => ({
      ...task(id, 'Nowhere', { onError }),
      input: { projectId: randomUUID(), title: 'Nowhere' },
    });
    const shown = await run(
      [
        task('first', 'One'),
        nowhere('second', 'continue'),
        nowhere('third', 'branch'),
        task('unreached', 'Unreached'),
        task('rescue', 'Rescued from {{ steps.third.error.code }}'),
      ],
      'trigger > first',
      'first > second',
      'second > third',
      'third > unreached',
      'third.error > rescue',
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.equal(stepOf(shown, 'unreached').status, 'skipped');
    assert.deepEqual(await titles(), ['One', `Rescued from ${stepOf(shown, 'third').error?.code}`]);
  });

  it('give results of any size, and do nothing twice for it', async () => {
    const story = 'Story '.repeat(1_500);
    const long = (id: string, more: string) => ({
      ...task(id, id),
      input: { projectId, title: id, description: more },
    });
    const nodes = [
      set('text', { story }),
      long('first', '{{ steps.text.output.story }}'),
      long('second', '{{ steps.first.output.description }}{{ steps.text.output.story }}'),
      long('third', '{{ steps.second.output.description }}'),
      set('sizes', {
        first: '{{ steps.first.output.description.size() }}',
        third: '{{ steps.third.output.description.size() }}',
      }),
    ];
    const shown = await run(
      nodes,
      'trigger > text',
      'text > first',
      'first > second',
      'second > third',
      'third > sizes',
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.deepEqual(stepOf(shown, 'sizes').output, {
      inline: { first: story.length, third: story.length * 2 },
    });
    assert.deepEqual(await titles(), ['first', 'second', 'third']);
  });

  it('do not run ahead of a condition, nor over two ways in', async () => {
    const shown = await run(
      [
        task('first', 'One'),
        { id: 'check', type: 'if', input: { condition: '{{ steps.first.output.title == "Two" }}' } },
        task('never', 'Never'),
      ],
      'trigger > first',
      'first > check',
      'check.true > never',
    );
    assert.deepEqual(stepStatuses(shown), { first: 'succeeded', check: 'succeeded', never: 'skipped' });
    assert.deepEqual(await titles(), ['One']);
  });

  it('are done pass by pass in a loop', async () => {
    const { id } = await buildAutomation(
      system.app,
      organization.caller,
      manual(
        [
          { id: 'each', type: 'loop', input: { items: '{{ ["a", "b"] }}' } },
          task('first', '{{ item }}1'),
          task('second', '{{ item }}2 after {{ steps.first.output.title }}'),
        ],
        'trigger > each',
        'each.body > first',
        'first > second',
      ),
    );
    const shown = await finishedRun(
      system.app,
      organization.caller,
      await startRun(system.app, organization.caller, id),
    );
    assert.equal(shown.status, 'succeeded', JSON.stringify(shown.error));
    assert.deepEqual(await titles(), ['a1', 'a2 after a1', 'b1', 'b2 after b1']);
  });
});
