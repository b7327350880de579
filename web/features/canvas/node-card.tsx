import { Handle, type Node, type NodeProps, Position, useUpdateNodeInternals } from '@xyflow/react';
import { CircleAlert, type LucideIcon, Pin, Plus } from 'lucide-react';
import { use, useEffect, useRef } from 'react';
import type { Difference } from '#core/automation/draft/overlay.js';
import { Avatar } from '../../components/ui/avatar.js';
import { classNames } from '../../components/ui/class-names.js';
import { CanvasEditingContext } from './canvas-editing.js';
import type { Onlooker } from './canvas-props.js';
import { differenceLooks } from './difference-looks.js';
import { isUntaken, type NodeState, stateLooks } from './node-state.js';
import type { Way } from './ways.js';

export interface CardData extends Record<string, unknown> {
  title: string;
  kind: string;
  icon: LucideIcon;
  isTrigger: boolean;
  ways: readonly Way[];
  /** Handles of ways that no edge goes. */
  openWays: readonly string[];
  issues: readonly string[];
  isPinned: boolean;
  /** Undefined where no run is shown. */
  run: { state: NodeState | undefined } | undefined;
  /** Where two versions are compared. */
  mark: Difference | undefined;
  /** Others who have chosen it. */
  onlookers: readonly Onlooker[];
}

export type CardNode = Node<CardData, 'card'>;

/** A node of the graph: what it is, how far it has come, and its ways out. */
export function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const editing = use(CanvasEditingContext);
  const update = useUpdateNodeInternals();
  const { title, kind, icon: Icon, isTrigger, ways, openWays, issues, isPinned, run, mark, onlookers } = data;
  const handles = ways.map(({ handle }) => handle).join(',');
  const measured = useRef(handles);
  useEffect(() => {
    // It is measured when it comes; each time more costs the whole graph.
    if (measured.current === handles) return;
    measured.current = handles;
    update(id);
  }, [update, id, handles]);
  const look = run?.state && stateLooks[run.state.status];
  const isFaded = run !== undefined && !isTrigger && isUntaken(run.state);
  return (
    <div
      className={classNames(
        'flex h-15 w-58 items-center gap-2.5 rounded-lg border bg-raised px-3 shadow-xs transition-colors',
        selected ? 'border-accent ring-1 ring-accent' : 'border-line-strong',
        issues.length > 0 && !selected && 'border-danger',
        isFaded && 'border-dashed bg-ground shadow-none',
        mark && !selected && differenceLooks[mark].border,
      )}
    >
      {!isTrigger && (
        <Handle type="target" position={Position.Top} isConnectable={editing !== undefined} aria-hidden />
      )}
      <span
        className={classNames(
          'grid size-8 shrink-0 place-items-center rounded-md bg-hover text-soft',
          isTrigger && 'bg-accent-soft text-accent',
          isFaded && 'text-faint',
        )}
      >
        <Icon aria-hidden className="size-4" />
      </span>
      <span className="grid min-w-0 flex-1">
        <span className={classNames('truncate font-medium', isFaded && 'text-soft')}>{title}</span>
        <span className="flex min-w-0 items-center gap-1.5 text-mini text-soft">
          {mark && <span className={differenceLooks[mark].text}>{differenceLooks[mark].label}</span>}
          {look ? (
            <span className={classNames('truncate', look.look)}>
              {look.label}
              {run?.state?.detail && ` · ${run.state.detail}`}
            </span>
          ) : (
            <span className="truncate">{kind}</span>
          )}
        </span>
      </span>
      {onlookers.length > 0 && <Onlookers people={onlookers} />}
      {isPinned && <Pin role="img" aria-label="Data is pinned" className="size-3.5 shrink-0 text-soft" />}
      {issues.length > 0 && (
        <CircleAlert
          role="img"
          aria-label={`${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`}
          className="size-4 shrink-0 text-danger"
        />
      )}
      {ways.map(({ handle, label }, index) => {
        const left = `${((index + 0.5) / ways.length) * 100}%`;
        const isOpen = openWays.includes(handle);
        return (
          <span key={handle}>
            <Handle
              type="source"
              id={handle}
              position={Position.Bottom}
              style={{ left }}
              isConnectable={editing !== undefined}
              aria-hidden
            />
            {editing && isOpen && (
              <span
                className="nodrag nopan absolute top-full mt-2 grid -translate-x-1/2 justify-items-center gap-px"
                style={{ left }}
              >
                {label && (
                  <span className="whitespace-nowrap rounded-full border border-line bg-raised px-1.5 text-[11px] text-soft leading-4">
                    {label}
                  </span>
                )}
                <button
                  type="button"
                  aria-label={`Add a step after ${title}${label ? `, ${label}` : ''}`}
                  className="grid size-5 place-items-center rounded-md border border-line-strong bg-raised text-soft hover:border-accent hover:text-accent"
                  onClick={(event) => {
                    event.stopPropagation();
                    editing.onAdd({ source: id, handle });
                  }}
                >
                  <Plus aria-hidden className="size-3.5" />
                </button>
              </span>
            )}
          </span>
        );
      })}
    </div>
  );
}

/** Those who have the same step open, on its upper edge. */
function Onlookers({ people }: { people: readonly Onlooker[] }) {
  const names = people.map(({ name }) => name).join(', ');
  return (
    <span
      role="img"
      aria-label={`Open at ${names}`}
      title={names}
      className="absolute -top-2.5 right-2 flex gap-0.5"
    >
      {people.slice(0, 3).map(({ userId, name }) => (
        <span key={userId} className="flex rounded-full ring-2 ring-ground">
          <Avatar id={userId} name={name} />
        </span>
      ))}
    </span>
  );
}
