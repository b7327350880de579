import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import type { Place } from '#core/automation/draft/edit-draft.js';
import { handleOf } from '#core/automation/draft/handles.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { shownWays } from '../canvas/ways.js';

/** Behind the chosen step, by its first way that is open; behind the last step where none is chosen. */
export function placeAfter({ nodes, edges }: Draft, id: string | undefined): Place | undefined {
  const source = id ?? nodes.at(-1)?.id ?? triggerId;
  const node = nodes.find((entry) => entry.id === source);
  const ways = shownWays(node, edges).filter(({ handle }) => handle !== 'error');
  const open = ways.find(
    ({ handle }) => !edges.some((edge) => edge.source === source && handleOf(edge) === handle),
  );
  const handle = (open ?? ways[0])?.handle;
  return handle === undefined ? undefined : { source, handle };
}

/** Where a new step will stand, as it follows “Add a step”. */
export function wordsOfPlace(draft: Draft, place: Place | undefined): string {
  if (!place) return 'that nothing leads to yet';
  const node = draft.nodes.find(({ id }) => id === place.source);
  return `after ${(node ? lookOfNode(node) : lookOfTrigger(draft.trigger)).title}`;
}
