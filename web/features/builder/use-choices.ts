import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { use, useEffect, useMemo, useState } from 'react';
import { type ChoiceSource, isAmong } from '#core/choices.js';
import { messageOf } from '../../api/api-error.js';
import { callOperation } from '../../api/call-operation.js';
import { queryClient } from '../../api/queries.js';
import type { ChoiceGroup, FoundChoice } from '../../components/ui/search-picker.js';
import { readStep } from './catalogue.js';
import { FormScopeContext } from './form-context.js';

/** What an app or the organization has to choose from hardly changes while somebody fills in a form. */
const freshMs = 5 * 60_000;
/** So long after the last letter it is looked for what was typed. */
const restMs = 250;
/** So many pages are read at most. */
const maxPages = 20;

interface Found {
  choices: readonly FoundChoice[];
  hasMore: boolean;
}

/**
 * What the sources of a field list, and what they find of what is typed; asked with the step's connection. What was
 * found once is kept for a while.
 */
export function useChoices(
  sources: readonly ChoiceSource[],
  siblings: Readonly<Record<string, unknown>>,
  search: string,
) {
  const { connection } = use(FormScopeContext);
  const [pages, setPages] = useState(1);
  const wanted = useRested(search.trim());
  const [all, found] = [useFound(sources, siblings, '', pages), useFound(sources, siblings, wanted, 1)];
  const groups = useMemo(
    () =>
      sources.map(({ title }, index): ChoiceGroup => {
        const near = all[index]?.data?.choices.filter(({ label, hint }) =>
          isAmong(search.trim(), label, hint),
        );
        const far = wanted === search.trim() ? found[index]?.data?.choices : undefined;
        const choices = new Map([...(near ?? []), ...(far ?? [])].map((choice) => [choice.value, choice]));
        return { title: sources.length > 1 ? title : undefined, choices: [...choices.values()] };
      }),
    [sources, all, found, search, wanted],
  );
  const labels = useMemo(
    () =>
      new Map(
        [...all, ...found].flatMap(
          ({ data }) => data?.choices.map(({ value, label }) => [value, label]) ?? [],
        ),
      ),
    [all, found],
  );
  const lacking = sources.flatMap(({ given = [] }) => given).find((name) => !isGiven(siblings[name]));
  const failed = [...all, ...found].find(({ error }) => error)?.error;
  const isAsked = [...all, ...found].some(({ fetchStatus }) => fetchStatus === 'fetching');
  const problem = failed
    ? messageOf(failed)
    : lacking !== undefined
      ? `Fill in ${lacking} first`
      : !connection && all.some(({ data }) => data === null)
        ? 'Choose a connection first'
        : undefined;
  const hasMore = search.trim() === '' && pages < maxPages && all.some(({ data }) => data?.hasMore);
  return {
    groups,
    /** What a value is called, where that is known. */
    labelOf: (value: string) => labels.get(value) ?? knownLabel(sources, connection, value),
    /** Keeps what a chosen value is called, for when the list that it is in is not at hand. */
    remember(value: string) {
      const label = labels.get(value);
      if (label !== undefined) queryClient.setQueryData(labelKey(sources, connection, value), label);
    },
    isLoading: isAsked,
    problem,
    onMore: hasMore ? () => setPages(pages + 1) : undefined,
  };
}

function knownLabel(
  sources: readonly ChoiceSource[],
  connection: string | undefined,
  value: string,
): string | undefined {
  return queryClient.getQueryData<string>(labelKey(sources, connection, value));
}

function labelKey(sources: readonly ChoiceSource[], connection: string | undefined, value: string) {
  return ['choice-label', sources, connection ?? null, value] as const;
}

function useFound(
  sources: readonly ChoiceSource[],
  siblings: Readonly<Record<string, unknown>>,
  q: string,
  pages: number,
) {
  const { connection } = use(FormScopeContext);
  return useQueries({
    queries: sources.map((source) => {
      const given = Object.fromEntries((source.given ?? []).map((name) => [name, siblings[name]]));
      return {
        queryKey: ['choices', source, connection ?? null, given, q, pages],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          readChoices(source, { connection, given, q, pages, signal }),
        enabled: Object.values(given).every(isGiven),
        staleTime: freshMs,
        retry: false,
        placeholderData: keepPreviousData,
        meta: { topics: [topicOf(source)] },
      };
    }),
  });
}

/** Null where a connection is needed and there is none. */
async function readChoices(
  { action, value = 'value', label = 'label', input = {} }: ChoiceSource,
  {
    connection,
    given,
    q,
    pages,
    signal,
  }: {
    connection: string | undefined;
    given: Readonly<Record<string, unknown>>;
    q: string;
    pages: number;
    signal: AbortSignal;
  },
): Promise<Found | null> {
  const { operation } = await readStep(action);
  if (!operation) return { choices: [], hasMore: false };
  const isOfApp = operation.path.includes(':connectionId');
  if (isOfApp && connection === undefined) return null;
  const served = { ...operation, isRead: true };
  const request = {
    ...(isOfApp && { connectionId: connection }),
    ...input,
    ...given,
    ...(q !== '' && { q }),
  };
  const choices: FoundChoice[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const answer = pageOf(await callOperation(served, { ...request, ...(cursor && { cursor }) }, signal));
    for (const item of answer.items) {
      const hint = item.hint ?? undefined;
      choices.push({
        value: String(item[value]),
        label: String(item[label]),
        ...(hint !== undefined && { hint: String(hint) }),
      });
    }
    cursor = answer.nextCursor;
    if (!cursor) break;
  }
  return { choices, hasMore: cursor !== null };
}

/** The API has parsed what it sends: lists of choices have these fields, as a test of the catalogue shows. */
function pageOf(answer: unknown) {
  return answer as { items: Record<string, unknown>[]; nextCursor: string | null };
}

/** Events of `projects` are named `project.…`. */
function topicOf({ action }: ChoiceSource): string {
  return (action.split('.')[0] ?? action).replace(/s$/, '');
}

/** An expression is known when the automation runs only. */
function isGiven(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('{{');
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
