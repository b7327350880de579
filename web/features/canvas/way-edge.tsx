import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { Plus, X } from 'lucide-react';
import { use } from 'react';
import type { Difference } from '#core/automation/draft/overlay.js';
import { classNames } from '../../components/ui/class-names.js';
import { CanvasEditingContext } from './canvas-editing.js';
import { differenceLooks } from './difference-looks.js';

export interface WayData extends Record<string, unknown> {
  handle: string;
  label: string | undefined;
  /** From what to what, in words. */
  name: string;
  isFaded: boolean;
  /** Its source can be left by other ways too. */
  hasOtherWays: boolean;
  /** Of the edges that leave by the same way. */
  isFirst: boolean;
  isAlone: boolean;
  mark: Difference | undefined;
  /** A step that is dragged would be put into it. */
  isDropTarget: boolean;
}

export type WayEdge = Edge<WayData, 'way'>;

/**
 * The way from one node to the next; what it is called, and on a canvas that can be changed a button to add a step there.
 * Where there are several ways, both stand right below their own handle, as those of open ways do: so none lies on
 * another, wherever the edges go.
 */
export function WayLine({ source, target, data, ...ends }: EdgeProps<WayEdge>) {
  const editing = use(CanvasEditingContext);
  if (!data) return null;
  const { handle, label, name, isFaded, hasOtherWays, isFirst, isAlone, mark, isDropTarget } = data;
  const isAtHandle = hasOtherWays && isAlone;
  // It turns below the buttons of the ways beside it.
  const turn = Math.min(ends.sourceY + belowButtons, ends.targetY - 12);
  const hasRoom = hasOtherWays && turn > (ends.sourceY + ends.targetY) / 2;
  const [path, middleX, middleY] = getSmoothStepPath({
    ...ends,
    borderRadius: 10,
    ...(hasRoom && { centerY: turn }),
  });
  const below = `translate(-50%, 3.5px) translate(${ends.sourceX}px, ${ends.sourceY}px)`;
  const inTheMiddle = `translate(-50%, -50%) translate(${middleX}px, ${middleY}px)`;
  const colour = mark ? differenceLooks[mark].stroke : isDropTarget ? 'var(--accent)' : undefined;
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={16}
        style={{
          stroke: colour ?? (isFaded ? 'var(--line-strong)' : 'var(--faint)'),
          ...(isDropTarget && { strokeWidth: 3 }),
          ...((isFaded || mark === 'removed') && { strokeDasharray: '4 4' }),
        }}
      />
      <EdgeLabelRenderer>
        {label && isFirst && (
          <Label style={{ transform: hasOtherWays ? below : inTheMiddle }} isFaded={isFaded}>
            {label}
          </Label>
        )}
        {mark && (
          <Label style={{ transform: inTheMiddle }} isFaded={false}>
            <span className={differenceLooks[mark].text}>{differenceLooks[mark].label}</span>
          </Label>
        )}
        {editing && (
          <div
            className="group/way nodrag nopan pointer-events-auto absolute flex items-center p-1"
            style={{
              transform: isAtHandle ? `${below} translate(0, ${label ? 15 : -4}px)` : inTheMiddle,
            }}
          >
            <button
              type="button"
              aria-label={`Add a step ${name}`}
              className={classNames(small, isDropTarget && 'border-accent text-accent')}
              onClick={() => editing.onAdd({ source, handle, target })}
            >
              <Plus aria-hidden className="size-3.5" />
            </button>
            <button
              type="button"
              aria-label={`Disconnect the way ${name}`}
              className={classNames(
                small,
                'absolute left-full opacity-0 focus-visible:opacity-100 group-hover/way:opacity-100',
              )}
              onClick={() => editing.onRemoveEdge({ source, handle, target })}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </div>
        )}
      </EdgeLabelRenderer>
    </>
  );
}

/** Pixels below a handle, behind label and button of its way. */
const belowButtons = 56;

const small =
  'grid size-5 place-items-center rounded-md border border-line-strong bg-raised text-soft hover:border-accent hover:text-accent';

function Label({
  style,
  isFaded,
  children,
}: {
  style: React.CSSProperties;
  isFaded: boolean;
  children: React.ReactNode;
}) {
  return (
    <span
      className={classNames(
        'absolute whitespace-nowrap rounded-full border border-line bg-raised px-1.5 text-[11px] text-soft leading-4',
        isFaded && 'border-dashed',
      )}
      style={style}
    >
      {children}
    </span>
  );
}
