import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Draft, triggerId } from '#core/automation/draft/draft.js';
import { stepQuery, triggerQuery } from './catalogue.js';
import { nodesBefore, scopeShape } from './expression-scope.js';
import { type Issue, sentence, withoutPlace } from './issue.js';
import { actionOf } from './step-schema.js';

/** What every field of a node's form, or of the trigger's, needs to know of it. */
export function useFormScope(
  draft: Draft,
  id: string,
  issues: readonly Issue[],
  data: Readonly<Record<string, unknown>>,
) {
  const { type, input } = draft.trigger;
  const event = typeof input.event === 'string' ? input.event : undefined;
  const { data: trigger } = useQuery(triggerQuery(type, event));
  const names = [...new Set(nodesBefore(draft, id).flatMap((node) => actionOf(node) ?? []))];
  const actions = useQueries({
    queries: names.map(stepQuery),
    combine: (results) =>
      new Map(results.flatMap(({ data: step }) => (step ? [[step.name, step.output] as const] : []))),
  });
  const connection = connectionOf(draft, id);
  return useMemo(
    () => ({
      shape: scopeShape(draft, id, { trigger: trigger?.output, actions, data }),
      data,
      connection,
      errorAt: (path: string) => {
        const found = issues.find((issue) => withoutPlace(issue.path) === path);
        return found && sentence(found.message);
      },
    }),
    [draft, id, trigger, actions, data, connection, issues],
  );
}

function connectionOf({ trigger, nodes }: Draft, id: string): string | undefined {
  const { connection } = (id === triggerId ? trigger : nodes.find((node) => node.id === id)) ?? {};
  return typeof connection === 'string' ? connection : undefined;
}
