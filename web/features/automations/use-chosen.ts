import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { ApiError, messageOf } from '../../api/api-error.js';
import { callOperation } from '../../api/call-operation.js';
import type { Resource } from '../resources/resource.js';
import type { ListRequest, Page } from '../resources/use-resource-list.js';
import type { Automation } from './automation.js';

/** More than these are not changed at once. */
const most = 2_000;

/** Which rows of a list are chosen, also of pages that were not read yet. `items` are those that were. */
export function useChosen(resource: Resource, request: ListRequest, items: readonly Automation[]) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Automation>>(new Map());
  const now = useMemo(() => new Map(items.map((item) => [item.id, item])), [items]);
  const all = useMutation({
    mutationFn: () => readAll(resource, request),
    onSuccess(rows) {
      setChosen(new Map(rows.map((row) => [row.id, row])));
      if (rows.length === most) toast(`The first ${most} are chosen: more can't be changed at once`);
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return {
    isChosen: (id: string) => chosen.has(id),
    /** As they are now, as far as that is known. */
    selected: [...chosen].map(([id, row]) => now.get(id) ?? row),
    toggle: (automation: Automation, isChosen: boolean) =>
      setChosen((before) => {
        const next = new Map(before);
        if (isChosen) next.set(automation.id, automation);
        else next.delete(automation.id);
        return next;
      }),
    chooseAll: () => all.mutate(),
    isChoosing: all.isPending,
    chooseNone: () => setChosen(new Map()),
  };
}

async function readAll({ operations, name }: Resource, request: ListRequest): Promise<Automation[]> {
  if (!operations.list) throw new ApiError('not_found', `There is no list of ${name}`);
  const wanted = Object.fromEntries(Object.entries(request).filter(([, value]) => value));
  const rows: Automation[] = [];
  let cursor: string | null = null;
  do {
    const input = { ...wanted, limit: '200', ...(cursor !== null && { cursor }) };
    // The API has parsed what it sends with the schema of which the type was made.
    const page = (await callOperation(operations.list, input)) as Page<Automation>;
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < most);
  return rows.slice(0, most);
}
