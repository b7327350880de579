import type { Draft } from '#core/automation/draft/draft.js';

/** What expressions are previewed with: what people have pinned goes before what a test gave. */
export function previewData(data: Readonly<Record<string, unknown>>, pinned: Draft['pinned']) {
  const steps = Object.entries(pinned?.steps ?? {}).map(([id, output]) => [id, { output }]);
  return {
    ...data,
    ...(pinned?.trigger && { trigger: pinned.trigger }),
    steps: { ...Object(data.steps), ...Object.fromEntries(steps) },
  };
}
