import type { Difference } from '#core/automation/draft/overlay.js';

/** How differences of two versions look: each by word and colour. */
export const differenceLooks = {
  added: { label: 'Added', text: 'text-success', border: 'border-success', stroke: 'var(--success)' },
  removed: {
    label: 'Removed',
    text: 'text-danger',
    border: 'border-danger border-dashed',
    stroke: 'var(--danger)',
  },
  changed: { label: 'Changed', text: 'text-warning', border: 'border-warning', stroke: 'var(--warning)' },
} as const satisfies Record<Difference, { label: string; text: string; border: string; stroke: string }>;
