import type { Draft, DraftNode } from '#core/automation/draft/draft.js';
import { freeId } from '#core/automation/draft/edit-draft.js';

/** What the palette offers: a type of node, and for `action` which one. */
export interface Offer {
  type: string;
  action?: string | undefined;
  title: string;
}

/** What a new node of a type begins with, so that its form can be filled in. */
const beginnings: Readonly<Record<string, object>> = {
  if: { input: { condition: '' } },
  switch: { input: { cases: [{ name: 'first', when: '' }] } },
  loop: { input: { items: '' } },
  while: { input: { condition: '' } },
  join: { input: { mode: 'all' } },
  approval: { input: { title: '' }, approvers: { users: [], roles: ['owner'] } },
  wait: { input: { duration: '1h' } },
  set: { input: { values: {} } },
  http: { input: { url: '' } },
  code: { input: { source: 'return input;' } },
  subflow: { automation: '' },
  stop: { input: { status: 'succeeded' } },
  filter: { input: { items: '', keep: '' } },
  sort: { input: { items: '', by: [{ key: '{{ item }}' }] } },
  limit: { input: { items: '', count: 10 } },
  dedupe: { input: { items: '' } },
  pick: { input: { items: '', fields: {} } },
  split: { input: { items: '', size: 10 } },
  aggregate: { input: { items: '', values: {} } },
  merge: { input: { left: '', right: '', mode: 'append' } },
};

/** A node of what was chosen, under an id that is free. An action's id says what is done: `create_task`. */
export function newNode({ nodes }: Draft, { type, action, title }: Offer): DraftNode {
  const id = freeId(
    nodes.map((node) => node.id),
    title,
  );
  return {
    id,
    type,
    ...(action !== undefined && { action, name: title }),
    input: {},
    ...beginnings[type],
  };
}
