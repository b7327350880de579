import type { paths } from '../../client/schema.js';
import type { Row } from '../resources/resource.js';
import type { UrlFields } from '../resources/use-url-fields.js';

type ListedView =
  paths['/v1/task-views']['get']['responses'][200]['content']['application/json']['items'][number];

/** A kept way to look at tasks, as the API gives it. */
export type SavedView = ListedView & Row;
export type ViewSettings = ListedView['settings'];

/** The fields of an address that make up how tasks are shown. */
const shownFields = [
  'view',
  'group',
  'sort',
  'columns',
  'q',
  'status',
  'priority',
  'assigneeId',
  'label',
] as const;

/** What of an address a view keeps. */
export function settingsOf(fields: UrlFields): ViewSettings {
  const { view, group, sort, columns, q, status, priority, assigneeId, label } = fields;
  const filters = given({
    q,
    status: listed(status),
    priority: listed(priority),
    assigneeId,
    label,
  });
  // The API judges values; those of an address that somebody made up are refused by it.
  return given({
    layout: view,
    filters: Object.keys(filters).length > 0 ? filters : undefined,
    grouping: group,
    sort,
    columns: columns === undefined ? undefined : columns.split(',').filter((one) => one !== 'none'),
  }) as ViewSettings;
}

/** The fields of an address that show a view; those that it says nothing of leave the address. */
export function fieldsOf({ id, settings }: Pick<SavedView, 'id' | 'settings'>): UrlFields {
  const { layout, filters, grouping, sort, columns } = settings;
  return {
    saved: id,
    view: layout,
    group: grouping,
    sort,
    columns: columns && (columns.join(',') || 'none'),
    q: filters?.q,
    status: filters?.status?.join(','),
    priority: filters?.priority?.join(','),
    assigneeId: filters?.assigneeId,
    label: filters?.label,
  };
}

/** The fields of an address that show tasks as usual. */
export const usualFields: UrlFields = {
  saved: undefined,
  ...Object.fromEntries(shownFields.map((field) => [field, undefined])),
};

/** True if the address shows something else than the view has kept. */
export function isChanged(fields: UrlFields, view: SavedView): boolean {
  const kept = fieldsOf(view);
  return shownFields.some((field) => (fields[field] || undefined) !== (kept[field] || undefined));
}

function listed(text: string | undefined): string[] | undefined {
  return text?.split(',').filter(Boolean);
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  );
}
