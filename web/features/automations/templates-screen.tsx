import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { AutomationDefinition } from '#core/automation/definition.js';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Badge, Skeleton, SkeletonRows } from '../../components/ui/states.js';
import { useUrlFields } from '../resources/use-url-fields.js';
import { PageHeader } from '../shell/page-header.js';
import { ProblemScreen } from '../shell/problem-screen.js';
import { ImportForm } from './import-form.js';

const AutomationCanvas = lazy(async () => ({
  default: (await import('../canvas/automation-canvas.js')).AutomationCanvas,
}));

type Template =
  paths['/v1/automations/templates']['get']['responses'][200]['content']['application/json']['items'][number];

/** Automations to begin with, each with a look at what it does. */
export function TemplatesScreen() {
  const [fields, change] = useUrlFields();
  const templates = useQuery({
    queryKey: ['automation-templates'],
    queryFn: ({ signal }) => result(api.GET('/v1/automations/templates', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (templates.isPending) return <SkeletonRows />;
  if (templates.error) return <ProblemScreen error={templates.error} retry={templates.refetch} />;
  const chosen = templates.data.items.find(({ key }) => key === fields.template);
  return (
    <>
      <PageHeader
        title="Templates"
        lead={
          <Button asChild look="ghost" size="icon">
            <Link to="/automations" aria-label="All automations">
              <ChevronLeft aria-hidden />
            </Link>
          </Button>
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <ul className="grid gap-4 p-4 sm:grid-cols-2 md:p-6 xl:grid-cols-3">
          {templates.data.items.map(({ key, category, document: { automation } }) => (
            <li
              key={key}
              className="grid content-start gap-2 rounded-xl border border-line bg-raised p-4 hover:border-line-strong"
            >
              <div className="flex items-center justify-between gap-3">
                <h2 className="font-semibold">{automation?.name}</h2>
                <Badge>{category}</Badge>
              </div>
              <p className="min-h-10 text-soft">{automation?.description}</p>
              <Button className="justify-self-start" size="small" onClick={() => change({ template: key })}>
                Look at {automation?.name}
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {chosen && <TemplateDialog template={chosen} onClose={() => change({ template: undefined })} />}
    </>
  );
}

function TemplateDialog({ template: { document }, onClose }: { template: Template; onClose(): void }) {
  const definition = AutomationDefinition.safeParse(withoutPlaceholders(document.automation)).data;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={document.automation?.name ?? 'Template'}
      description={document.automation?.description}
      className="max-w-4xl"
    >
      <div className="grid gap-5 p-5 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="h-96 overflow-hidden rounded-lg border border-line bg-side">
          {definition && (
            <Suspense fallback={<Skeleton className="h-full" />}>
              <AutomationCanvas definition={definition} />
            </Suspense>
          )}
        </div>
        <ImportForm document={document} verb="Use this template" />
      </div>
    </Dialog>
  );
}

/** To be drawn, a definition needs no connections; those of a template are to be filled in still. */
function withoutPlaceholders(automation: Template['document']['automation']): unknown {
  const text = JSON.stringify(automation ?? {}, (key, value: unknown) =>
    key === 'connection' || key === 'description' ? undefined : value,
  );
  return JSON.parse(text);
}
