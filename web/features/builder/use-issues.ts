import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Draft } from '#core/automation/draft/draft.js';
import { api, result } from '../../api/client.js';
import type { Issue } from './issue.js';

/** So long after the last change a draft is checked. */
const restMs = 500;
const none: readonly Issue[] = [];

/** What would keep the draft from being published, as the API sees it; of the last draft that was looked at. */
export function useIssues(draft: Draft) {
  const [checked, setChecked] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setChecked(draft), restMs);
    return () => clearTimeout(timer);
  }, [draft]);
  const { data } = useQuery({
    queryKey: ['automation-check', checked],
    queryFn: () => result(api.POST('/v1/automations/check', { body: { draft: checked } })),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const issues = data?.issues ?? none;
  const byNode = useMemo(() => {
    const found: Record<string, string[]> = {};
    for (const { node, message } of issues) if (node) found[node] = [...(found[node] ?? []), message];
    return found;
  }, [issues]);
  return { issues, byNode };
}
