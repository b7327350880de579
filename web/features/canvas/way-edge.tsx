import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { Plus, X } from 'lucide-react';
import { use } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { CanvasEditingContext } from './canvas-editing.js';

export interface WayData extends Record<string, unknown> {
  handle: string;
  label: string | undefined;
  /** From what to what, in words. */
  name: string;
  isFaded: boolean;
}

export type WayEdge = Edge<WayData, 'way'>;

/** The way from one node to the next; what it is called, and on a canvas that can be changed a button to add a step there. */
export function WayLine({ source, target, data, ...ends }: EdgeProps<WayEdge>) {
  const editing = use(CanvasEditingContext);
  const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 10 });
  if (!data) return null;
  const { handle, label, name, isFaded } = data;
  const small =
    'pointer-events-auto grid size-5 place-items-center rounded-md border border-line-strong bg-raised text-soft opacity-0 hover:border-accent hover:text-accent focus-visible:opacity-100 group-hover/way:opacity-100';
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={16}
        style={{
          stroke: isFaded ? 'var(--line-strong)' : 'var(--faint)',
          ...(isFaded && { strokeDasharray: '4 4' }),
        }}
      />
      {(label || editing) && (
        <EdgeLabelRenderer>
          <div
            className="group/way nodrag nopan pointer-events-auto absolute flex items-center gap-1 p-1"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {label && (
              <span
                className={classNames(
                  'whitespace-nowrap rounded-full border border-line bg-raised px-1.5 text-[11px] text-soft leading-4.5',
                  isFaded && 'border-dashed',
                )}
              >
                {label}
              </span>
            )}
            {editing && (
              <>
                <button
                  type="button"
                  aria-label={`Add a step ${name}`}
                  className={classNames(small, 'opacity-100')}
                  onClick={() => editing.onAdd({ source, handle, target })}
                >
                  <Plus aria-hidden className="size-3.5" />
                </button>
                <button
                  type="button"
                  aria-label={`Disconnect the way ${name}`}
                  className={small}
                  onClick={() => editing.onRemoveEdge({ source, handle, target })}
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              </>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
