import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Dialog } from '../../../components/ui/dialog.js';
import { Field, Input, Select } from '../../../components/ui/field.js';
import { Badge } from '../../../components/ui/states.js';
import { momentText, wholeMomentText } from '../../resources/moments.js';
import { usePeople } from '../../resources/use-people.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useSession } from '../../session/use-session.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { type Erasure, erasureStatusNames, erasuresQuery } from './erasures.js';

/** People whose data is taken out of the organization. */
export function ErasuresScreen() {
  const { data } = useSuspenseQuery(erasuresQuery);
  const [isOpen, setOpen] = useState(false);
  return (
    <SettingsScreen title="Erasures">
      <SettingsSection
        title="Erased people"
        text="Name, address and what they wrote of themselves are masked wherever they stand. Work stays, under a pseudonym."
        action={
          <Button size="small" look="danger" onClick={() => setOpen(true)}>
            Erase somebody …
          </Button>
        }
      >
        {data.items.length === 0 && <p className="py-2.5 text-soft">Nobody yet</p>}
        {data.items.map((erasure) => (
          <ErasureLine key={erasure.id} erasure={erasure} />
        ))}
      </SettingsSection>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Erase a member"
        description="They leave at once. Until the day that is shown then, it can be cancelled; after it nothing can be brought back."
      >
        <ErasureForm onDone={() => setOpen(false)} />
      </Dialog>
    </SettingsScreen>
  );
}

function ErasureLine({ erasure: { id, userId, status, dueAt, finishedAt } }: { erasure: Erasure }) {
  const client = useQueryClient();
  const person = usePeople().find((one) => one.id === userId);
  const act = async (call: Promise<unknown>) => {
    await call.catch((error: unknown) => toast.error(messageOf(error)));
    await client.invalidateQueries({ queryKey: erasuresQuery.queryKey });
  };
  const path = { params: { path: { id } } };
  return (
    <SettingsLine
      title={person?.name ?? <code className="text-mini">{userId}</code>}
      text={
        status === 'scheduled'
          ? `on ${wholeMomentText(dueAt)}`
          : finishedAt && `finished ${momentText(finishedAt)}`
      }
      action={
        <>
          <Badge>{erasureStatusNames[status]}</Badge>
          {status === 'scheduled' && (
            <Button size="small" onClick={() => void act(result(api.POST('/v1/erasures/{id}/cancel', path)))}>
              Cancel it
            </Button>
          )}
          {status === 'incomplete' && (
            <Button size="small" onClick={() => void act(result(api.POST('/v1/erasures/{id}/retry', path)))}>
              Try again
            </Button>
          )}
        </>
      }
    />
  );
}

function ErasureForm({ onDone }: { onDone(): void }) {
  const client = useQueryClient();
  const session = useSession();
  const confirmed = useConfirmed();
  const people = usePeople().filter(({ id }) => id !== session?.user.id);
  const form = useApiForm({ defaultValues: { userId: '', confirmEmail: '', includesName: false } });
  const submit = form.sendBy((body) =>
    confirmed.run(async () => {
      await result(api.POST('/v1/erasures', { body }));
      await client.invalidateQueries({ queryKey: erasuresQuery.queryKey });
      onDone();
    }),
  );
  return (
    <>
      <form onSubmit={submit} className="grid gap-4 p-5" noValidate>
        <ProblemNote error={form.problem} />
        <Field label="Who" error={form.errorOf('userId')}>
          {(control) => (
            <Select {...control} {...form.register('userId')}>
              <option value="">Choose a member …</option>
              {people.map(({ id, name, email }) => (
                <option key={id} value={id}>
                  {name} ({email})
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Their address, to confirm" error={form.errorOf('confirmEmail')}>
          {(control) => <Input {...control} {...form.register('confirmEmail')} autoComplete="off" />}
        </Field>
        <label className="flex items-start gap-2">
          <input type="checkbox" {...form.register('includesName')} className="mt-0.5 size-4 accent-accent" />
          Mask their name in texts, too. Others of the same name are masked with it.
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onDone}>Keep them</Button>
          <Button type="submit" look="danger" disabled={form.formState.isSubmitting}>
            Erase
          </Button>
        </div>
      </form>
      {confirmed.dialog}
    </>
  );
}
