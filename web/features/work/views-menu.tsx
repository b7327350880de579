import { Bookmark, BookmarkPlus, Lock, Save, Trash2, Users } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Input } from '../../components/ui/field.js';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/ui/menu.js';
import { useResource } from '../resources/resource.js';
import { useResourceChanges } from '../resources/use-resource-changes.js';
import { useResourceList } from '../resources/use-resource-list.js';
import type { UrlFields } from '../resources/use-url-fields.js';
import { useRights } from '../session/use-rights.js';
import { useSession } from '../session/use-session.js';
import { fieldsOf, isChanged, type SavedView, settingsOf, usualFields } from './saved-view.js';

export interface ViewsMenuProps {
  /** Views of this project; of all tasks unless given. */
  projectId?: string | undefined;
  fields: UrlFields;
  onShow(fields: UrlFields): void;
}

/** Ways to look at tasks that were kept, own and shared; and what is seen now can be kept. */
export function ViewsMenu({ projectId, fields, onShow }: ViewsMenuProps) {
  const resource = useResource('task_views');
  const { may } = useRights();
  const userId = useSession()?.user.id;
  const [isNaming, setNaming] = useState(false);
  const list = useResourceList<SavedView>(resource, { projectId, limit: '200' });
  const { create, update, remove } = useResourceChanges(resource, 'view');
  const views = list.items.filter((view) => view.projectId === (projectId ?? null));
  const active = views.find(({ id }) => id === fields.saved);
  const mayChange =
    active && may('task_views:update') && (active.ownerId === userId || may('projects:manage'));
  const group = (title: string, items: readonly SavedView[]) =>
    items.length > 0 && (
      <>
        <MenuLabel>{title}</MenuLabel>
        {items.map((view) => (
          <MenuItem key={view.id} onSelect={() => onShow(fieldsOf(view))}>
            {view.isShared ? <Users aria-hidden /> : <Lock aria-hidden />}
            <span className="truncate">{view.name}</span>
            {view.id === active?.id && <span className="ml-auto text-accent text-mini">Shown</span>}
          </MenuItem>
        ))}
      </>
    );
  return (
    <>
      <Menu
        trigger={
          <Button size="small" look={active ? 'secondary' : 'ghost'}>
            <Bookmark aria-hidden className="size-3.5" />
            <span className="max-w-40 truncate">{active?.name ?? 'Views'}</span>
            {active && isChanged(fields, active) && <span className="text-soft">· changed</span>}
          </Button>
        }
      >
        {group(
          'Yours',
          views.filter(({ ownerId }) => ownerId === userId),
        )}
        {group(
          'Shared with you',
          views.filter(({ ownerId }) => ownerId !== userId),
        )}
        {views.length === 0 && <MenuLabel>A view keeps filters, grouping, order and columns.</MenuLabel>}
        <MenuLine />
        {active && <MenuItem onSelect={() => onShow(usualFields)}>Show all as usual</MenuItem>}
        {mayChange && isChanged(fields, active) && (
          <MenuItem
            onSelect={() =>
              update.mutate(
                { id: active.id, changes: { settings: settingsOf(fields) } },
                { onSuccess: () => toast(`“${active.name}” shows this from now on`) },
              )
            }
          >
            <Save aria-hidden />
            Keep the changes
          </MenuItem>
        )}
        {mayChange && (
          <MenuItem
            onSelect={() => update.mutate({ id: active.id, changes: { isShared: !active.isShared } })}
          >
            {active.isShared ? <Lock aria-hidden /> : <Users aria-hidden />}
            {active.isShared ? 'Keep it to yourself' : 'Share it'}
          </MenuItem>
        )}
        {mayChange && may('task_views:delete') && (
          <MenuItem
            onSelect={() => {
              remove.mutate(active.id);
              onShow({ saved: undefined });
            }}
          >
            <Trash2 aria-hidden />
            Delete the view
          </MenuItem>
        )}
        {may('task_views:create') && (
          <MenuItem onSelect={() => setNaming(true)}>
            <BookmarkPlus aria-hidden />
            Save as a new view …
          </MenuItem>
        )}
      </Menu>
      {isNaming && (
        <Dialog isOpen onOpenChange={(isOpen) => setNaming(isOpen)} title="Save as a view">
          <NameView
            onSend={async (named) => {
              const made = await create.mutateAsync({
                ...named,
                ...(projectId !== undefined && { projectId }),
                settings: settingsOf(fields),
              });
              setNaming(false);
              onShow({ saved: made.id });
              toast(`“${named.name}” was saved`);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function NameView({ onSend }: { onSend(view: { name: string; isShared: boolean }): Promise<void> }) {
  const [error, setError] = useState<string>();
  const [isSending, setSending] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSending(true);
    await onSend({ name: String(form.get('name')).trim(), isShared: form.has('isShared') })
      .catch((cause: unknown) => setError(messageOf(cause)))
      .finally(() => setSending(false));
  };
  return (
    <form onSubmit={(event) => void send(event)} className="grid gap-4 p-5">
      <Field label="Name" error={error}>
        {(control) => <Input {...control} name="name" autoFocus required maxLength={100} />}
      </Field>
      <label className="flex items-center gap-2">
        <input type="checkbox" name="isShared" className="size-4 accent-accent" />
        Share it with everybody who sees these tasks
      </label>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={isSending}>
          Save the view
        </Button>
      </div>
    </form>
  );
}
