import type { paths } from '../../client/schema.js';
import type { Row } from '../resources/resource.js';

type Listed =
  paths['/v1/automations']['get']['responses'][200]['content']['application/json']['items'][number];

/** An automation as the API gives it. */
export type Automation = Listed & Row;
export type AutomationStatus = Listed['status'];

/** How states of automations look: each by word and colour. */
export const automationLooks: Readonly<Record<AutomationStatus, { label: string; className: string }>> = {
  draft: { label: 'Draft', className: 'text-soft' },
  active: { label: 'Active', className: 'text-success' },
  paused: { label: 'Paused', className: 'text-warning' },
};

/** What starts it, in words; drafts may not say yet. */
export function triggerOf({ draft }: Pick<Automation, 'draft'>): string {
  const trigger = fieldOf(draft, 'trigger');
  const type = fieldOf(trigger, 'type');
  if (typeof type !== 'string') return 'Nothing yet';
  const words = type.replace('.', ': ').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
