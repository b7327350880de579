import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { CircleDashed, FolderKanban, Keyboard, type LucideIcon, Plus, Workflow } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { api, result } from '../../api/client.js';
import { Dialog } from '../../components/ui/dialog.js';
import { KeyCaps } from '../../components/ui/key-caps.js';
import { useRights } from '../session/use-rights.js';
import { isOpenTo, screens } from './screens.js';

export interface CommandPaletteProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  onCreateTask(): void;
  onShowKeys(): void;
}

/** Everything by typing: go somewhere, make something, find something. */
export function CommandPalette({ isOpen, onOpenChange, onCreateTask, onShowKeys }: CommandPaletteProps) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const rights = useRights();
  const found = useSearchResults(text.trim());
  const run = (act: () => void) => () => {
    onOpenChange(false);
    setText('');
    act();
  };
  const mayWork = rights.isOn('work');
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Search and go" hidesTitle className="max-w-xl">
      <Command label="Search and go" loop>
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Go somewhere, make or find something …"
          className="h-12 w-full border-line border-b bg-transparent px-4 text-[15px] outline-none"
        />
        <Command.List className="max-h-[50vh] overflow-y-auto p-1.5" label="What there is">
          <Command.Empty className="px-3 py-8 text-center text-soft">Nothing fits “{text}”</Command.Empty>
          <Group heading="Make">
            {mayWork && rights.may('tasks:create') && (
              <Entry icon={Plus} text="New task" keys="c" onSelect={run(onCreateTask)} />
            )}
            {mayWork && rights.may('projects:create') && (
              <Entry
                icon={Plus}
                text="New project"
                onSelect={run(() => void navigate({ to: '/projects', search: { new: 'yes' } }))}
              />
            )}
            {rights.may('automations:create') && (
              <Entry
                icon={Plus}
                text="New automation from a template"
                onSelect={run(() => void navigate({ to: '/automations/templates' }))}
              />
            )}
            {rights.may('connections:create') && (
              <Entry
                icon={Plus}
                text="Connect an app"
                onSelect={run(() => void navigate({ to: '/connections', search: { add: 'yes' } }))}
              />
            )}
          </Group>
          {found.automations.length > 0 && (
            <Group heading="Automations">
              {found.automations.map(({ id, name }) => (
                <Entry
                  key={id}
                  id={id}
                  icon={Workflow}
                  text={name}
                  alwaysFits={text}
                  onSelect={run(
                    () => void navigate({ to: '/automations/$automationId', params: { automationId: id } }),
                  )}
                />
              ))}
            </Group>
          )}
          <Group heading="Go">
            {screens
              .filter((screen) => isOpenTo(screen, rights))
              .map(({ to, title, icon, keys }) => (
                <Entry
                  key={to}
                  icon={icon}
                  text={title}
                  keys={keys}
                  onSelect={run(() => void navigate({ to }))}
                />
              ))}
            <Entry icon={Keyboard} text="Keyboard shortcuts" keys="?" onSelect={run(onShowKeys)} />
          </Group>
          {found.tasks.length > 0 && (
            <Group heading="Tasks">
              {found.tasks.map(({ id, title }) => (
                <Entry
                  key={id}
                  id={id}
                  icon={CircleDashed}
                  text={title}
                  alwaysFits={text}
                  onSelect={run(() => void navigate({ to: '/tasks/$taskId', params: { taskId: id } }))}
                />
              ))}
            </Group>
          )}
          {found.projects.length > 0 && (
            <Group heading="Projects">
              {found.projects.map(({ id, name }) => (
                <Entry
                  key={id}
                  id={id}
                  icon={FolderKanban}
                  text={name}
                  alwaysFits={text}
                  onSelect={run(
                    () => void navigate({ to: '/projects/$projectId', params: { projectId: id } }),
                  )}
                />
              ))}
            </Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function useSearchResults(text: string) {
  const rights = useRights();
  const q = useDeferredValue(text);
  const isEnabled = q.length > 1;
  const isWorkOn = isEnabled && rights.isOn('work');
  const query = { q, limit: 8 };
  const tasks = useQuery({
    queryKey: ['search', 'tasks', q],
    queryFn: ({ signal }) => result(api.GET('/v1/tasks', { params: { query }, signal })),
    enabled: isWorkOn && rights.may('tasks:read'),
    placeholderData: keepPreviousData,
  });
  const projects = useQuery({
    queryKey: ['search', 'projects', q],
    queryFn: ({ signal }) => result(api.GET('/v1/projects', { params: { query }, signal })),
    enabled: isWorkOn && rights.may('projects:read'),
    placeholderData: keepPreviousData,
  });
  const automations = useQuery({
    queryKey: ['search', 'automations', q],
    queryFn: ({ signal }) => result(api.GET('/v1/automations', { params: { query }, signal })),
    enabled: isEnabled && rights.may('automations:read'),
    placeholderData: keepPreviousData,
  });
  if (!isEnabled) return { tasks: [], projects: [], automations: [] };
  return {
    tasks: tasks.data?.items ?? [],
    projects: projects.data?.items ?? [],
    automations: automations.data?.items ?? [],
  };
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-mini [&_[cmdk-group-heading]]:text-soft"
    >
      {children}
    </Command.Group>
  );
}

function Entry({
  icon: Icon,
  text,
  keys,
  id,
  alwaysFits,
  onSelect,
}: {
  icon: LucideIcon;
  text: string;
  keys?: string | undefined;
  id?: string;
  /** What the API has found fits, whatever the letters. */
  alwaysFits?: string;
  onSelect(): void;
}) {
  return (
    <Command.Item
      value={id ?? text}
      keywords={alwaysFits === undefined ? [] : [alwaysFits, text]}
      onSelect={onSelect}
      className="flex h-10 items-center gap-3 rounded-lg px-2.5 data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-soft" />
      <span className="truncate">{text}</span>
      {keys && (
        <span className="ml-auto">
          <KeyCaps keys={keys} />
        </span>
      )}
    </Command.Item>
  );
}
