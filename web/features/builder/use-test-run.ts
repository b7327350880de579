import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api, result } from '../../api/client.js';
import { followRun } from '../../api/live.js';
import type { paths } from '../../client/schema.js';
import type { NodeState } from '../canvas/node-state.js';
import type { Run } from '../runs/run.js';

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
    // The stream sends what `runs.get` gives, parsed by the API with the schema that the type was made of.
    return followRun(runId, (sent) => setRun(sent as Run));
  }, [runId]);
  const states = useMemo(() => run && statesOf(run), [run]);
  const data = useMemo(() => dataOf(run), [run]);
  const forget = () => {
    setRunId(undefined);
    setRun(undefined);
  };
  return { start, run, states, data, forget };
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
