import { useMutation } from '@tanstack/react-query';
import { createParser } from 'eventsource-parser';
import { useEffect, useMemo, useState } from 'react';
import { readProblem } from '../../api/api-error.js';
import { api, result, send } from '../../api/client.js';
import type { paths } from '../../client/schema.js';
import type { NodeState } from '../canvas/node-state.js';

type Run = paths['/v1/runs/{id}']['get']['responses'][200]['content']['application/json'];
type TestRequest = NonNullable<
  paths['/v1/automations/{id}/test']['post']['requestBody']
>['content']['application/json'];

/** Test runs of a draft: how to start one, and the last one as it goes on. */
export function useTestRun(automationId: string) {
  const [runId, setRunId] = useState<string>();
  const [run, setRun] = useState<Run>();
  const start = useMutation({
    mutationFn: (body: TestRequest) =>
      result(api.POST('/v1/automations/{id}/test', { params: { path: { id: automationId } }, body })),
    onSuccess({ id }) {
      setRun(undefined);
      setRunId(id);
    },
  });
  useEffect(() => {
    if (runId === undefined) return;
    const stopping = new AbortController();
    followRun(runId, setRun, stopping.signal).catch(() => {});
    return () => stopping.abort();
  }, [runId]);
  const states = useMemo(() => run && statesOf(run), [run]);
  const data = useMemo(() => dataOf(run), [run]);
  const forget = () => {
    setRunId(undefined);
    setRun(undefined);
  };
  return { start, run, states, data, forget };
}

/** Follows a run by its stream until it is over. */
async function followRun(id: string, onRun: (run: Run) => void, signal: AbortSignal): Promise<void> {
  const response = await send(
    new Request(new URL(`/v1/runs/${id}/events`, location.origin), {
      headers: { accept: 'text/event-stream' },
      signal,
    }),
  );
  if (!response.ok || !response.body) throw await readProblem(response);
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === 'run') onRun(JSON.parse(data));
    },
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function statesOf(run: Run): Readonly<Record<string, NodeState>> {
  return Object.fromEntries(
    run.steps.map(({ nodeId, status, error, pinned }) => [
      nodeId,
      { status, ...(error ? { detail: error.message } : pinned && { detail: 'pinned' }) },
    ]),
  );
}

/** What expressions would have seen at the end of the run. */
function dataOf(run: Run | undefined): Readonly<Record<string, unknown>> {
  if (!run) return {};
  const steps = run.steps.flatMap(({ nodeId, output }) =>
    output && 'inline' in output ? [[nodeId, { output: output.inline }]] : [],
  );
  return { trigger: run.trigger, steps: Object.fromEntries(steps), vars: {}, run: { id: run.id } };
}
