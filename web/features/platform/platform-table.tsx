import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { walkRows } from '../resources/walk-rows.js';

export interface PlatformColumn<Item> {
  title: string;
  /** Part of the width. */
  width: number;
  /** Left out where there is little room. */
  isMinor?: boolean;
  cell(item: Item): ReactNode;
}

export interface PlatformTableProps<Item> {
  label: string;
  columns: readonly PlatformColumn<Item>[];
  items: readonly Item[];
  keyOf(item: Item): string;
  onOpen?(item: Item): void;
  onEnd(): void;
}

const rowHeight = 44;

/** Rows of the platform, which are of no organization and so of no resource. Only those in sight are on the page. */
export function PlatformTable<Item>({
  label,
  columns,
  items,
  keyOf,
  onOpen,
  onEnd,
}: PlatformTableProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 20) onEnd();
  }, [items.length, last, onEnd]);
  const line = 'flex items-center gap-4 px-4 md:px-6';
  const place = ({ width, isMinor }: PlatformColumn<Item>) => ({
    className: `min-w-0 items-center ${isMinor ? 'hidden md:flex' : 'flex'}`,
    style: { flex: `${width} 1 0%` },
  });
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <div role="table" aria-label={label} aria-rowcount={items.length + 1}>
        <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-ground">
          <div role="row" className={`${line} h-9 text-mini text-soft`}>
            {columns.map((column) => (
              <span role="columnheader" key={column.title} {...place(column)}>
                {column.title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const item = items[index];
            if (!item) return null;
            return (
              <div
                role="row"
                key={keyOf(item)}
                aria-rowindex={index + 2}
                tabIndex={0}
                onClick={() => onOpen?.(item)}
                onKeyDown={(event) => walkRows(event, () => onOpen?.(item))}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                className={`${line} absolute inset-x-0 top-0 border-line border-b -outline-offset-2 hover:bg-hover`}
              >
                {columns.map((column) => (
                  <div role="cell" key={column.title} {...place(column)}>
                    {column.cell(item)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
