import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, MoreHorizontal, OctagonX, Pencil, Play, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { ConfirmDialog } from '../../components/ui/confirm-dialog.js';
import { Menu, MenuItem, MenuLine } from '../../components/ui/menu.js';
import { useRights } from '../session/use-rights.js';
import { isOver, type Run, runKey } from './run.js';

const RerunDialog = lazy(async () => ({ default: (await import('./rerun-dialog.js')).RerunDialog }));

type Overlay = 'rerun' | 'cancel' | 'terminate';

/** What can be done about a run: retry it, run it again, end it. */
export function RunActions({ run }: { run: Run }) {
  const { may } = useRights();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [overlay, setOverlay] = useState<Overlay>();
  const options = { params: { path: { id: run.id } } };
  const settle = () => client.invalidateQueries({ queryKey: runKey.all });
  const onError = (error: unknown) => toast.error(messageOf(error));
  const retry = useMutation({
    mutationFn: () => result(api.POST('/v1/runs/{id}/retry', options)),
    onSuccess: () => toast('It goes on from where it failed'),
    onError,
    onSettled: settle,
  });
  const rerun = useMutation({
    mutationFn: () => result(api.POST('/v1/runs/{id}/rerun', options)),
    onSuccess: ({ id }) => navigate({ to: '/runs/$runId', params: { runId: id } }),
    onError,
  });
  const end = useMutation({
    mutationFn: (verb: 'cancel' | 'terminate') =>
      result<unknown>(
        verb === 'cancel'
          ? api.POST('/v1/runs/{id}/cancel', options)
          : api.POST('/v1/runs/{id}/terminate', options),
      ),
    onError,
    onSettled: settle,
  });
  const mayRun = may('automations:run');
  const canRetry = mayRun && (run.status === 'failed' || run.status === 'cancelled');
  const canCancel = !isOver(run) && may('runs:cancel');
  const canTerminate = !isOver(run) && may('runs:terminate');
  if (!mayRun && !canCancel && !canTerminate) return null;
  return (
    <>
      {canRetry && (
        <Button look="primary" size="small" disabled={retry.isPending} onClick={() => retry.mutate()}>
          <RotateCcw aria-hidden />
          {run.error?.node ? `Retry from ${run.error.node}` : 'Retry'}
        </Button>
      )}
      {canCancel && (
        <Button size="small" onClick={() => setOverlay('cancel')}>
          <Ban aria-hidden />
          Cancel
        </Button>
      )}
      {(mayRun || canTerminate) && (
        <Menu
          align="end"
          trigger={
            <Button look="ghost" size="icon" aria-label="More to do with this run">
              <MoreHorizontal aria-hidden />
            </Button>
          }
        >
          {mayRun && (
            <>
              <MenuItem onSelect={() => rerun.mutate()}>
                <Play aria-hidden />
                Run again
              </MenuItem>
              <MenuItem onSelect={() => setOverlay('rerun')}>
                <Pencil aria-hidden />
                Run again with other input …
              </MenuItem>
            </>
          )}
          {canTerminate && (
            <>
              {mayRun && <MenuLine />}
              <MenuItem onSelect={() => setOverlay('terminate')}>
                <OctagonX aria-hidden />
                Terminate …
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      {overlay === 'cancel' && (
        <ConfirmDialog
          title="Cancel this run?"
          text="Steps under way are aborted. What they have already done stays done; the run can be retried later."
          verb="Cancel the run"
          onConfirm={() => end.mutate('cancel')}
          onClose={() => setOverlay(undefined)}
        />
      )}
      {overlay === 'terminate' && (
        <ConfirmDialog
          title="Terminate this run?"
          text="It ends at once, and nothing that it is doing is waited for. Cancel it first: this is for a run that does not react to that."
          verb="Terminate the run"
          onConfirm={() => end.mutate('terminate')}
          onClose={() => setOverlay(undefined)}
        />
      )}
      <Suspense>
        {overlay === 'rerun' && <RerunDialog run={run} onClose={() => setOverlay(undefined)} />}
      </Suspense>
    </>
  );
}
