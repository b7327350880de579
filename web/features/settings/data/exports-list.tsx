import { type QueryKey, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import type { paths } from '../../../client/schema.js';
import { Button } from '../../../components/ui/button.js';
import { Badge } from '../../../components/ui/states.js';
import { momentText, wholeMomentText } from '../../resources/moments.js';
import { usePeople } from '../../resources/use-people.js';
import { useRights } from '../../session/use-rights.js';
import { useSession } from '../../session/use-session.js';
import { SettingsLine } from '../settings-line.js';

type Export = paths['/v1/exports']['get']['responses'][200]['content']['application/json']['items'][number];

/** While one is written, how far it is is read this often: progress is no event. */
const progressMs = 2_000;

export const exportsQuery = queryOptions({
  queryKey: ['exports'],
  queryFn: () => result(api.GET('/v1/exports', { params: { query: { limit: 50 } } })),
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ status }) => status === 'queued' || status === 'running') ? progressMs : false,
});

/** Asks for an export, and has the list read anew. Tells what went wrong. */
export function useExport(queryKey: QueryKey = exportsQuery.queryKey) {
  const client = useQueryClient();
  return async (body: { subject: 'person' | 'organization'; userId?: string }) => {
    try {
      await result(api.POST('/v1/exports', { body }));
      toast('The export is being written. It is here when it is done.');
    } catch (error) {
      toast.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey });
  };
}

/** Exports that were asked for, with how far they are, and the way to their files. */
export function ExportsList({ isShown }: { isShown(one: Export): boolean }) {
  const { data } = useSuspenseQuery(exportsQuery);
  const items = data.items.filter(isShown);
  if (items.length === 0) return <p className="py-2.5 text-soft">None yet</p>;
  return items.map((one) => <ExportLine key={one.id} one={one} />);
}

const statusNames: Readonly<Record<Export['status'], string>> = {
  queued: 'Waiting',
  running: 'Being written',
  finished: 'Ready',
  failed: 'Failed',
  expired: 'Over',
};

function ExportLine({ one }: { one: Export }) {
  const { may } = useRights();
  const people = usePeople();
  const session = useSession();
  const { id, subject, userId, status, progress, rowCount, size, error, createdAt, expiresAt } = one;
  const download = async () => {
    try {
      const { url } = await result(api.POST('/v1/exports/{id}/download', { params: { path: { id } } }));
      location.assign(url);
    } catch (problem) {
      toast.error(messageOf(problem));
    }
  };
  const whose = userId === session?.user.id ? 'you' : people.find((person) => person.id === userId)?.name;
  const facts = [
    `asked for ${momentText(createdAt)}`,
    ...(status === 'finished'
      ? [
          `${rowCount} rows`,
          sizeText(size ?? 0),
          ...(expiresAt ? [`until ${wholeMomentText(expiresAt)}`] : []),
        ]
      : []),
    ...(error ? [error.message] : []),
  ];
  return (
    <SettingsLine
      title={
        subject === 'organization'
          ? 'Everything of the organization'
          : `What is kept of ${whose ?? 'a member'}`
      }
      text={
        <>
          {facts.join(' · ')}
          {status === 'running' && (
            <progress
              aria-label="How far it is"
              className="mt-1 block h-1.5 w-full accent-accent"
              max={Math.max(1, progress.total)}
              value={progress.done}
            />
          )}
        </>
      }
      action={
        status === 'finished' && may('exports:download') ? (
          <Button size="small" onClick={() => void download()}>
            <Download aria-hidden />
            Download
          </Button>
        ) : (
          <Badge>{statusNames[status]}</Badge>
        )
      }
    />
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
