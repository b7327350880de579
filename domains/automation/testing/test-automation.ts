import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { jsonSize } from '#core/automation/packed-value.js';
import { maxPinnedSize, pinnedFields } from '#core/automation/pinned.js';
import { draftOfStep, nodesOfDraft } from '#core/automation/test-run/draft-of-step.js';
import { planTest, type TestScope } from '#core/automation/test-run/test-plan.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { packValue } from '#runtime/packing.js';
import { checkInput } from '../check-run-input.js';
import { compileDraft } from '../compile-draft.js';
import { Draft } from '../draft.js';
import { lockAutomation } from '../find-automation.js';
import { requirePermission } from '../require-permission.js';
import { Run } from '../run.js';
import { queueRun, requireRunsOfMonth } from '../start-run.js';
import { writeVersion } from '../write-version.js';
import { chooseInput } from './choose-input.js';
import { givenData, maxPackedSize } from './given-data.js';
import { keepSampleFiles } from './keep-sample-files.js';
import { removeOldTests } from './remove-old-tests.js';
import { nextTestVersion } from './test-version.js';

const Input = z.strictObject({
  id: z.uuid(),
  draft: Draft.optional().describe('The saved draft unless given'),
  mode: z
    .enum(['all', 'step', 'from'])
    .default('all')
    .describe('All of it, one step alone, or a step and everything after it'),
  step: z.string().optional().describe('For `step` and `from`: id of the node'),
  input: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'What `trigger` shall be. Else, in this order: what started the last run with `useLastRun`, an example with `useSample`, `pinned.trigger`, what started `fromRun`, `pinned.trigger` of the draft, {}',
    ),
  useLastRun: z.boolean().default(false).describe('Take what started the last run, which was no test'),
  useSample: z.boolean().default(false).describe('Take an example of what the trigger gives'),
  pinned: z
    .strictObject({
      ...pinnedFields,
      item: z.unknown().optional().describe('For a step in a loop, tested alone: the item at work'),
      index: z.int().min(0).max(99_999).optional().describe('Its place in the list'),
    })
    .refine((pinned) => jsonSize(pinned) <= maxPinnedSize, `must not be over ${maxPinnedSize} bytes`)
    .default({})
    .describe('Outputs of steps that are not performed, before those that the draft has pinned'),
  fromRun: z
    .uuid()
    .optional()
    .describe('For `step` and `from`: an earlier run, whose steps give what is not pinned'),
});

export type TestRequest = z.output<typeof Input>;

export const testAutomation = defineAction({
  name: 'automations.test',
  title: 'Test automation',
  description:
    'Runs a draft without publishing it, as a whole, one step alone, or from a step on. Steps that are performed act for real, with your rights: pin the output of a step to keep it from acting. The draft must be valid; for one step alone only its trigger, the step, what stands before it, and the loops among these. Test runs are listed apart, and their failures start nothing. The newest 20 of an automation are kept.',
  permission: 'automations:run',
  effect: 'write',
  http: { method: 'post', path: '/automations/:id/test', status: 202 },
  input: Input,
  output: Run,
  async run(context: DomainContext, request) {
    const { db, actor, services } = context;
    const { id, mode, step, fromRun, useLastRun } = request;
    checkRequest(request);
    await requireRunsOfMonth(context);
    if (fromRun !== undefined || useLastRun) requirePermission(actor, 'runs:read', 'automations.test');
    const automation = await lockAutomation(db, id);
    const draft = request.draft ?? automation.draft;
    const tested = mode === 'step' && step !== undefined ? draftOfStep(draft, step) : draft;
    const { definition, ...compiled } = await compileDraft(context, tested, {
      self: { id, name: automation.name },
    });
    const input = await chooseInput(context, request, definition);
    const data = await givenData(context, request, {
      definition,
      plan: compiled.plan,
      known: nodesOfDraft(draft),
    });
    const files = services.files(actor.orgId, db);
    await keepSampleFiles(files, input);
    const plan = planTest(compiled.plan, await scopeOf(request, files), data);
    const isInputChecked = mode === 'all' || request.input !== undefined;
    const version = await nextTestVersion(db, id);
    await writeVersion(context, {
      automationId: id,
      version,
      note: '',
      definition,
      scopes: compiled.scopes,
      plan,
    });
    const run = await queueRun(context, {
      automationId: id,
      version,
      input: isInputChecked ? checkInput(definition.trigger, input) : input,
      isTest: true,
    });
    await removeOldTests(db, id);
    return run;
  },
});

function checkRequest({ mode, step, fromRun, pinned, useLastRun, useSample, input }: TestRequest): void {
  const problems: [isWrong: boolean, path: string, message: string][] = [
    [
      mode !== 'all' && step === undefined,
      'step',
      `is needed to test ${mode === 'from' ? 'from a step on' : 'a step'}`,
    ],
    [mode === 'all' && step !== undefined, 'step', 'is for the modes step and from'],
    [mode === 'all' && fromRun !== undefined, 'fromRun', 'is for the modes step and from'],
    [mode !== 'step' && pinned.item !== undefined, 'pinned.item', 'is for the mode step'],
    [mode !== 'step' && pinned.index !== undefined, 'pinned.index', 'is for the mode step'],
    [useLastRun && input !== undefined, 'useLastRun', 'is not for a test with an input of its own'],
    [useSample && input !== undefined, 'useSample', 'is not for a test with an input of its own'],
    [useSample && useLastRun, 'useSample', 'is not for a test with the input of the last run'],
  ];
  const issues = problems.flatMap(([isWrong, path, message]) => (isWrong ? [{ path, message }] : []));
  const [first] = issues;
  if (first) throw new AppError('validation', `${first.path} ${first.message}`, { issues });
}

async function scopeOf(
  { mode, step = '', pinned }: TestRequest,
  files: Parameters<typeof packValue>[0],
): Promise<TestScope> {
  if (mode === 'all') return { mode };
  if (mode === 'from') return { mode, step };
  const { item, index } = pinned;
  return {
    mode,
    step,
    index,
    item: item === undefined ? undefined : await packValue(files, item, maxPackedSize),
  };
}
