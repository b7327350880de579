import { useNavigate } from '@tanstack/react-router';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Select, TextArea } from '../../components/ui/field.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import type { Run } from './run.js';

/** Starts a run like this one, with what `trigger` shall hold edited as JSON. */
export function RerunDialog({ run, onClose }: { run: Run; onClose(): void }) {
  const navigate = useNavigate();
  const form = useApiForm<{ input: string; version: string }>({
    defaultValues: { input: JSON.stringify(run.trigger ?? {}, null, 2), version: 'same' },
  });
  const submit = form.sendBy(async ({ input, version }) => {
    const read = readObject(input);
    if (!read) return form.setError('input', { message: 'Must be a JSON object' });
    const body = { input: read, version: version === 'newest' ? ('newest' as const) : ('same' as const) };
    const { id } = await result(api.POST('/v1/runs/{id}/rerun', { params: { path: { id: run.id } }, body }));
    onClose();
    await navigate({ to: '/runs/$runId', params: { runId: id } });
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Run again with other input"
      description="A new run begins; this one stays as it is."
      className="max-w-2xl"
    >
      <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Input" hint="What trigger holds" error={form.errorOf('input')}>
          {(control) => (
            <TextArea
              {...control}
              {...form.register('input')}
              spellCheck={false}
              className="min-h-64 font-mono text-mini"
            />
          )}
        </Field>
        <Field label="Version" error={form.errorOf('version')}>
          {(control) => (
            <Select {...control} {...form.register('version')}>
              <option value="same">The same as this run</option>
              <option value="newest">The newest</option>
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={form.formState.isSubmitting}>
            Run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
