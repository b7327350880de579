import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { SkeletonRows } from '../../components/ui/states.js';
import { CellValue } from './cell-value.js';
import type { Resource, Row } from './resource.js';
import { fieldsOf, labelOf } from './resource-fields.js';
import { usePeople } from './use-people.js';
import { walkRows } from './walk-rows.js';

/** A column of its own making, in place of what the field's kind gives. */
export interface TableColumn {
  field: string;
  label?: string;
  /** A part of the width, 1 unless given. */
  width?: number;
  /** Left out where there is little room. */
  isMinor?: boolean;
  cell?(row: Row): ReactNode;
}

export interface ResourceTableProps {
  resource: Resource;
  columns: readonly TableColumn[];
  rows: readonly Row[];
  isPending: boolean;
  /** Name of a sort, with - in front for greatest first. */
  sort: string | null;
  onSort(sort: string): void;
  onOpen?: ((row: Row) => void) | undefined;
  /** At the end of a row, such as a menu. */
  actions?: ((row: Row) => ReactNode) | undefined;
  /** Called when the last rows come into sight. */
  onEnd(): void;
}

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();
const rowHeight = 44;

type Styles = CSSProperties & Record<`--${string}`, string>;

/** Rows of a resource: only those in sight are on the page. Arrows move through them, Enter opens one. */
export function ResourceTable(props: ResourceTableProps) {
  const { resource, columns, rows, isPending, onOpen, actions, onEnd } = props;
  const people = usePeople();
  const scroller = useRef<HTMLDivElement>(null);
  const definitions = useMemo(() => {
    const fields = new Map(fieldsOf(resource.item).map((field) => [field.name, field]));
    return helper.columns(
      columns.map(({ field: name, label, cell }) =>
        helper.accessor((row) => row[name], {
          id: name,
          header: label ?? labelOf(name),
          cell: ({ row, getValue }) => {
            const field = fields.get(name);
            if (cell) return cell(row.original);
            return field ? <CellValue field={field} value={getValue()} people={people} /> : null;
          },
        }),
      ),
    );
  }, [resource, columns, people]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: (row) => row.id });
  const virtualizer = useVirtualizer({
    count: data.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (data.length > 0 && lastShown >= data.length - 20) onEnd();
  }, [data.length, lastShown, onEnd]);

  if (isPending) return <SkeletonRows />;
  const place = (index: number) =>
    classNames('min-w-0 items-center', columns[index]?.isMinor ? 'hidden md:flex' : 'flex');
  const template = columns.map(({ width = 1 }) => `minmax(0,${width}fr)`);
  const small = columns.filter(({ isMinor }) => !isMinor).map(({ width = 1 }) => `minmax(0,${width}fr)`);
  const end = actions ? ' 36px' : '';
  const style: Styles = { '--columns': template.join(' ') + end, '--few': small.join(' ') + end };
  const line = 'grid grid-cols-[var(--few)] items-center gap-4 px-4 md:grid-cols-[var(--columns)] md:px-6';
  const allRows = table.getRowModel().rows;

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" style={style}>
      <div role="table" aria-label={resource.title} aria-rowcount={data.length + 1}>
        <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-ground">
          {table.getHeaderGroups().map((group) => (
            <div role="row" key={group.id} className={classNames(line, 'h-9 text-mini text-soft')}>
              {group.headers.map((header, index) => (
                <ColumnHead key={header.id} {...props} field={header.id} className={place(index)}>
                  <table.FlexRender header={header} />
                </ColumnHead>
              ))}
              {actions && (
                <span role="columnheader">
                  <span className="sr-only">Actions</span>
                </span>
              )}
            </div>
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const row = allRows[index];
            if (!row) return null;
            return (
              <div
                role="row"
                key={row.id}
                aria-rowindex={index + 2}
                tabIndex={onOpen ? 0 : -1}
                onClick={() => onOpen?.(row.original)}
                onKeyDown={(event) => walkRows(event, () => onOpen?.(row.original))}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
                className={classNames(
                  line,
                  'absolute inset-x-0 top-0 border-line border-b -outline-offset-2 hover:bg-hover focus-visible:bg-hover',
                )}
              >
                {row.getAllCells().map((cell, column) => (
                  <div role="cell" key={cell.id} className={place(column)}>
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
                {actions && <div role="cell">{actions(row.original)}</div>}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function ColumnHead({
  resource,
  sort,
  onSort,
  field,
  className,
  children,
}: ResourceTableProps & { field: string; className: string; children: ReactNode }) {
  if (!resource.sorts.includes(field)) {
    return (
      <span role="columnheader" className={className}>
        {children}
      </span>
    );
  }
  const direction = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : undefined;
  const Icon = direction === 'descending' ? ArrowDown : ArrowUp;
  return (
    <span role="columnheader" aria-sort={direction ?? 'none'} className={className}>
      <button
        type="button"
        className="-ml-1.5 inline-flex h-6 items-center gap-1 rounded px-1.5 hover:bg-hover hover:text-text"
        onClick={() => onSort(direction === 'ascending' ? `-${field}` : field)}
      >
        {children}
        {direction && <Icon aria-hidden className="size-3" />}
      </button>
    </span>
  );
}
