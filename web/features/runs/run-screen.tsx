import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from '../../components/ui/button.js';
import { Badge, Skeleton, SkeletonRows } from '../../components/ui/states.js';
import { Tabs } from '../../components/ui/tabs.js';
import { RunApprovals } from '../approvals/run-approvals.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { durationMs, durationText } from './durations.js';
import { isOver, type Run } from './run.js';
import { RunActions } from './run-actions.js';
import { RunExplanation } from './run-explanation.js';
import { RunSteps } from './run-steps.js';
import { StatusMark } from './status-mark.js';
import { StepPanel } from './step-panel.js';
import { stepsOf } from './steps-of-run.js';
import { useNow } from './use-now.js';
import { useRun } from './use-run.js';

const RunCanvas = lazy(async () => ({ default: (await import('./run-canvas.js')).RunCanvas }));

const views = [
  { value: 'list', label: 'Steps' },
  { value: 'canvas', label: 'Canvas' },
] as const;

/** A run as it goes on, or went: its steps in time, what each got and gave, and what can be done about it. */
export function RunScreen() {
  const { runId } = useParams({ from: '/app/runs/$runId' });
  const run = useRun(runId);
  const [fields, change] = useUrlFields();
  const view = fields.view === 'canvas' ? 'canvas' : 'list';
  if (run.isPending) return <SkeletonRows />;
  if (!run.data) return <ProblemScreen error={run.error} retry={run.refetch} />;
  return (
    <>
      <PageHeader
        title={run.data.automationName}
        lead={
          <Button asChild look="ghost" size="icon">
            <Link to="/runs" aria-label="All runs">
              <ChevronLeft aria-hidden />
            </Link>
          </Button>
        }
        actions={<RunActions run={run.data} />}
      >
        <Tabs
          label="View"
          tabs={views}
          chosen={view}
          onChoose={(value) => change({ view: value === 'list' ? undefined : value })}
        />
      </PageHeader>
      <RunContent key={runId} run={run.data} />
    </>
  );
}

function RunContent({ run }: { run: Run }) {
  const [fields, change] = useUrlFields();
  const now = useNow(!isOver(run));
  const entries = stepsOf(run);
  const choose = (step: string) => change({ step, pass: undefined });
  const chosen = fields.step ?? run.error?.node ?? 'trigger';
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:overflow-hidden">
      <RunFacts run={run} now={now} />
      <RunExplanation run={run} onShowStep={(step) => change({ step })} />
      <RunApprovals run={run} />
      <div className="grid min-h-0 flex-1 border-line border-t lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
        {fields.view === 'canvas' ? (
          <Suspense fallback={<Skeleton className="m-4 h-80" />}>
            <RunCanvas run={run} entries={entries} chosen={chosen} onChoose={choose} />
          </Suspense>
        ) : (
          <RunSteps run={run} entries={entries} now={now} chosen={chosen} onChoose={choose} />
        )}
        <StepPanel
          run={run}
          entry={entries.find(({ id }) => id === chosen)}
          pass={fields.pass}
          onPass={(pass) => change({ pass })}
          now={now}
        />
      </div>
    </div>
  );
}

function RunFacts({ run, now }: { run: Run; now: number }) {
  const took = durationMs(run.startedAt, run.finishedAt, now);
  return (
    <dl className="flex flex-wrap items-center gap-x-6 gap-y-1.5 px-4 py-3 text-soft md:px-6">
      <Fact name="State">
        <span role="status">
          <StatusMark status={run.status} />
        </span>
      </Fact>
      {run.isTest && (
        <Fact name="Kind">
          <Badge>Test</Badge>
        </Fact>
      )}
      <Fact name="Made">
        <time dateTime={run.createdAt} title={wholeMomentText(run.createdAt)}>
          {momentText(run.createdAt)}
        </time>
      </Fact>
      {took !== undefined && (
        <Fact name={run.finishedAt === null ? 'For' : 'Took'}>
          <span className="tabular-nums">{durationText(took)}</span>
        </Fact>
      )}
      {run.attempt > 1 && <Fact name="Attempt">{run.attempt}</Fact>}
      <Fact name="Automation">
        <Link
          to="/automations/$automationId"
          params={{ automationId: run.automationId }}
          className="text-text underline decoration-line-strong underline-offset-2"
        >
          {run.automationName}
          {run.automationVersion > 0 && `, version ${run.automationVersion}`}
        </Link>
      </Fact>
      {run.rerunOf !== null && <RunLink name="Again of" id={run.rerunOf} />}
      {run.parentRunId !== null && <RunLink name="Started by" id={run.parentRunId} />}
      {run.failedRunId !== null && <RunLink name="Deals with" id={run.failedRunId} />}
      <Fact name="Id">
        <code className="select-all text-mini">{run.id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="text-mini">{name}</dt>
      <dd className="min-w-0 truncate text-text">{children}</dd>
    </div>
  );
}

function RunLink({ name, id }: { name: string; id: string }) {
  return (
    <Fact name={name}>
      <Link
        to="/runs/$runId"
        params={{ runId: id }}
        className="underline decoration-line-strong underline-offset-2"
      >
        run …{id.slice(-6)}
      </Link>
    </Fact>
  );
}
