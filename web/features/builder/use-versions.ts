import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Draft } from '#core/automation/draft/draft.js';
import { overlay } from '#core/automation/draft/overlay.js';
import { api, result } from '../../api/client.js';
import type { paths } from '../../client/schema.js';

export type VersionSummary =
  paths['/v1/automations/{id}/versions']['get']['responses'][200]['content']['application/json']['items'][number];
export type DefinitionDiff =
  paths['/v1/automations/{id}/diff']['get']['responses'][200]['content']['application/json'];

const forever = Number.POSITIVE_INFINITY;

/** The published versions of an automation, newest first, page after page. */
export function useVersions(id: string) {
  const query = useInfiniteQuery({
    queryKey: ['automation-versions', id, 'pages'],
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === undefined ? {} : { before: pageParam };
      const params = { path: { id }, query: { limit: 50, ...page } };
      return result(api.GET('/v1/automations/{id}/versions', { params, signal }));
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ nextBefore }) => nextBefore ?? undefined,
    meta: { topics: ['automation'] },
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, items };
}

/** What a version does; it never changes. */
function useVersion(id: string, version: number | undefined) {
  return useQuery({
    queryKey: ['automation-version', id, version],
    queryFn: async ({ signal }) => {
      const path = { id, publishedVersion: version ?? 0 };
      const found = await result(
        api.GET('/v1/automations/{id}/versions/{publishedVersion}', { params: { path }, signal }),
      );
      return Draft.parse(found.definition);
    },
    enabled: version !== undefined,
    staleTime: forever,
  });
}

/** What is different between two versions, or a version and the draft of a row's version. */
export function readDiff(id: string, from: number, to: number | 'draft', signal?: AbortSignal) {
  const params = { path: { id }, query: { from, to } };
  return result(api.GET('/v1/automations/{id}/diff', { params, ...(signal && { signal }) }));
}

/**
 * A version to be looked at, and how it differs from another or from the draft, the later of the two being what it is
 * compared to. Nothing while it is read, and where none is asked for.
 */
export function useComparison({
  id,
  draft,
  rowVersion,
  version,
  against,
}: {
  id: string;
  draft: Draft;
  /** Of the row whose draft it is. */
  rowVersion: number;
  version: number | undefined;
  against: number | 'draft' | undefined;
}) {
  const [from, to] = inOrder(version, against);
  const other = useVersion(id, typeof against === 'number' ? against : undefined);
  const chosen = useVersion(id, version);
  const diff = useQuery({
    queryKey: ['automation-diff', id, from, to, to === 'draft' ? rowVersion : null],
    queryFn: ({ signal }) => readDiff(id, from ?? 0, to ?? 'draft', signal),
    enabled: from !== undefined && to !== undefined,
    staleTime: forever,
  });
  const sideOf = (side: number | 'draft' | undefined) =>
    side === 'draft' ? draft : side === version ? chosen.data : other.data;
  const [before, after] = [sideOf(from), sideOf(to)];
  const laid = useMemo(() => {
    if (!before || !after || !diff.data) return undefined;
    const { nodes, trigger } = diff.data;
    const changed = nodes.changed.map((node) => node.id);
    return overlay(before, after, trigger.length > 0 ? [...changed, 'trigger'] : changed);
  }, [before, after, diff.data]);
  return {
    /** The version by itself. */
    definition: chosen.data,
    overlay: against === undefined ? undefined : laid,
    diff: against === undefined ? undefined : diff.data,
    from,
    to,
    error: chosen.error ?? other.error ?? diff.error,
  };
}

function inOrder(
  version: number | undefined,
  against: number | 'draft' | undefined,
): [from: number | undefined, to: number | 'draft' | undefined] {
  if (version === undefined || against === undefined) return [undefined, undefined];
  if (against === 'draft') return [version, 'draft'];
  return [Math.min(version, against), Math.max(version, against)];
}
