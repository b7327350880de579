import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft, GitCompare, History, Pencil, Play, Rocket } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { toast } from 'sonner';
import { Draft } from '#core/automation/draft/draft.js';
import { messageOf, toApiError } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Skeleton, SkeletonRows } from '../../components/ui/states.js';
import { Tabs } from '../../components/ui/tabs.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { resourceKey, useResource } from '../resources/resource.js';
import { usePeople } from '../resources/use-people.js';
import { useResourceRow } from '../resources/use-resource-row.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { RunFilterBar, Runs } from '../runs/runs-screen.js';
import { useRights } from '../session/use-rights.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { type Automation, triggerOf } from './automation.js';
import { AutomationMenu } from './automation-menu.js';
import { Sparkline } from './sparkline.js';
import { StatusSwitch } from './status-switch.js';
import { useActivity } from './use-activity.js';

const AutomationCanvas = lazy(async () => ({
  default: (await import('../canvas/automation-canvas.js')).AutomationCanvas,
}));

const views = [
  { value: 'overview', label: 'Overview' },
  { value: 'runs', label: 'Runs' },
  { value: 'versions', label: 'Versions' },
] as const;

/** One automation: what it does, how it went, what was published. */
export function AutomationScreen() {
  const { automationId } = useParams({ from: '/app/automations/$automationId' });
  const [fields, change] = useUrlFields();
  const { may } = useRights();
  const automation = useResourceRow<Automation>(useResource('automations'), automationId);
  if (automation.isPending) return <SkeletonRows />;
  if (automation.error) return <ProblemScreen error={automation.error} retry={automation.refetch} />;
  const { data } = automation;
  const view = views.find(({ value }) => value === fields.view)?.value ?? 'overview';
  return (
    <>
      <PageHeader
        title={data.name}
        lead={
          <Button asChild look="ghost" size="icon">
            <Link to="/automations" aria-label="All automations">
              <ChevronLeft aria-hidden />
            </Link>
          </Button>
        }
        actions={
          <>
            <AutomationButtons automation={data} />
            {may('automations:update') && (
              <Button asChild size="small">
                <Link to="/automations/$automationId/edit" params={{ automationId }}>
                  <Pencil aria-hidden />
                  Edit
                </Link>
              </Button>
            )}
            <AutomationMenu automation={data} />
          </>
        }
      >
        <Tabs
          label="View"
          tabs={views}
          chosen={view}
          onChoose={(value) => change({ view: value === 'overview' ? undefined : value })}
        />
        {view === 'runs' && <RunFilterBar fields={fields} onChange={change} />}
      </PageHeader>
      {view === 'overview' && <Overview automation={data} />}
      {view === 'runs' && <Runs fields={fields} within={{ automationId }} />}
      {view === 'versions' && <Versions automation={data} />}
    </>
  );
}

/** Publishes a draft that is newer than what is active; runs what is active. */
function AutomationButtons({ automation: { id, status } }: { automation: Automation }) {
  const { may } = useRights();
  const navigate = useNavigate();
  const client = useQueryClient();
  const options = { params: { path: { id } } };
  const publish = useMutation({
    mutationFn: () => result(api.POST('/v1/automations/{id}/publish', options)),
    onSuccess: () => toast('Published: it listens from now on'),
    onError: (error) => {
      const { issues } = toApiError(error);
      const told = issues.slice(0, 3).map(({ path, message }) => `${path} ${message}`);
      toast.error(told.length > 0 ? told.join('; ') : messageOf(error));
    },
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('automations') }),
  });
  const run = useMutation({
    mutationFn: () => result(api.POST('/v1/automations/{id}/runs', { ...options, body: {} })),
    onSuccess: (made) => navigate({ to: '/runs/$runId', params: { runId: made.id } }),
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <>
      {status === 'active' && may('automations:run') && (
        <Button size="small" disabled={run.isPending} onClick={() => run.mutate()}>
          <Play aria-hidden />
          Run now
        </Button>
      )}
      {may('automations:publish') && (
        <Button
          size="small"
          look={status === 'draft' ? 'primary' : 'secondary'}
          disabled={publish.isPending}
          onClick={() => publish.mutate()}
        >
          <Rocket aria-hidden />
          Publish
        </Button>
      )}
    </>
  );
}

function Overview({ automation }: { automation: Automation }) {
  const people = usePeople();
  const activity = useActivity([automation.id]);
  const draft = Draft.safeParse(automation.draft).data;
  const owner = people.find(({ id }) => id === automation.ownerId);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <dl className="flex flex-wrap items-center gap-x-8 gap-y-2 px-4 py-3 md:px-6">
        <Fact name="State">
          <StatusSwitch automation={automation} />
        </Fact>
        <Fact name="Starts by">{triggerOf(automation)}</Fact>
        <Fact name="Last runs">
          <Sparkline runs={activity.get(automation.id) ?? []} />
        </Fact>
        {owner && <Fact name="Owner">{owner.name}</Fact>}
        {automation.publishedVersion !== null && <Fact name="Version">{automation.publishedVersion}</Fact>}
        <Fact name="Changed">
          <time dateTime={automation.updatedAt} title={wholeMomentText(automation.updatedAt)}>
            {momentText(automation.updatedAt)}
          </time>
        </Fact>
      </dl>
      {automation.triggerError && (
        <p role="note" className="mx-4 mb-3 rounded-lg bg-danger-soft px-3.5 py-2.5 text-danger md:mx-6">
          {automation.triggerError.message}
        </p>
      )}
      {automation.description !== '' && (
        <p className="max-w-3xl whitespace-pre-wrap px-4 pb-3 text-soft md:px-6">{automation.description}</p>
      )}
      <Addresses automation={automation} />
      <div className="min-h-80 flex-1 border-line border-t bg-side">
        {draft && (
          <Suspense fallback={<Skeleton className="h-full" />}>
            <AutomationCanvas definition={draft} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-0.5">
      <dt className="text-mini text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Where it can be reached from outside, if that is how it starts. */
function Addresses({ automation }: { automation: Automation }) {
  const trigger = triggerOf(automation);
  const address =
    trigger === 'Webhook'
      ? automation.webhookUrl
      : trigger === 'Form'
        ? automation.formUrl
        : trigger === 'Email'
          ? automation.inboundAddress
          : undefined;
  if (address === undefined) return null;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-2 px-4 pb-3 md:px-6">
      <span className="text-mini text-soft">It listens at</span>
      <code className="min-w-0 select-all break-all rounded bg-side px-1.5 py-0.5 text-mini">{address}</code>
    </p>
  );
}

function Versions({ automation: { id, publishedVersion } }: { automation: Automation }) {
  const { may } = useRights();
  const client = useQueryClient();
  const versions = useQuery({
    queryKey: ['automation-versions', id],
    queryFn: ({ signal }) =>
      result(
        api.GET('/v1/automations/{id}/versions', { params: { path: { id }, query: { limit: 100 } }, signal }),
      ),
    meta: { topics: ['automation'] },
  });
  const restore = useMutation({
    mutationFn: (version: number) =>
      result(
        api.POST('/v1/automations/{id}/versions/{publishedVersion}/restore', {
          params: { path: { id, publishedVersion: version } },
        }),
      ),
    onSuccess: (_restored, version) => toast(`The draft is version ${version} again; the last one is kept`),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: resourceKey.all('automations') }),
  });
  if (versions.isPending) return <SkeletonRows />;
  if (versions.error) return <ProblemScreen error={versions.error} retry={versions.refetch} />;
  if (versions.data.items.length === 0) {
    return (
      <p className="p-6 text-soft">Nothing was published yet. Each time it is, that version is kept here.</p>
    );
  }
  return (
    <ul aria-label="Versions" className="min-h-0 flex-1 overflow-y-auto">
      {versions.data.items.map(({ version, note, publishedByName, createdAt }) => (
        <li
          key={version}
          className="grid grid-cols-[6rem_minmax(0,1fr)_auto] items-center gap-4 border-line border-b px-4 py-2.5 md:px-6"
        >
          <span className="font-medium">
            Version {version}
            {version === publishedVersion && <span className="block text-mini text-success">Published</span>}
          </span>
          <span className="min-w-0">
            <span className="block truncate">
              {note || <span className="text-faint">Without a note</span>}
            </span>
            <span className="block text-mini text-soft">
              {publishedByName ?? 'Somebody who has left'},{' '}
              <time dateTime={createdAt} title={wholeMomentText(createdAt)}>
                {momentText(createdAt)}
              </time>
            </span>
          </span>
          {may('automations:update') && (
            <span className="flex gap-2">
              <Button asChild size="small" look="ghost">
                <Link
                  to="/automations/$automationId/edit"
                  params={{ automationId: id }}
                  search={{ panel: 'versions', version: String(version), against: 'draft' }}
                  aria-label={`Compare version ${version}`}
                >
                  <GitCompare aria-hidden />
                  <span className="max-sm:sr-only">Compare</span>
                </Link>
              </Button>
              <Button size="small" onClick={() => restore.mutate(version)}>
                <History aria-hidden />
                <span className="max-sm:sr-only">Restore as draft</span>
              </Button>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
