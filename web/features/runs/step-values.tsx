import type { RunStep, RunValue } from './run.js';
import { ValueTree } from './value-tree.js';

/** Error, input and output of a step. */
export function StepValues({ step, id }: { step: RunStep; id: string }) {
  return (
    <>
      {step.error && <StepError error={step.error} />}
      {step.output && !isNothing(step) && (
        <Value title="Output" value={step.output} path={`steps.${id}.output`} />
      )}
      {logsOf(step) && <Logs lines={logsOf(step) ?? []} />}
      {step.input && <Value title="Input" value={step.input} path="" />}
    </>
  );
}

function StepError({ error }: { error: NonNullable<RunStep['error']> }) {
  return (
    <div role="note" aria-label="Error" className="grid gap-1 rounded-lg bg-danger-soft px-3.5 py-2.5">
      <p className="font-medium text-danger">{error.message}</p>
      <p className="text-mini">
        <code>{error.code}</code>
      </p>
      {error.issues?.map(({ path, message }) => (
        <p key={`${path} ${message}`} className="text-mini">
          <code>{path}</code> {message}
        </p>
      ))}
    </div>
  );
}

/** A value with what it is called; `path` is what stands for it in expressions. */
export function Value({ title, value, path }: { title: string; value: RunValue; path: string }) {
  return (
    <div className="grid gap-2">
      <h3 className="text-mini text-soft">{title}</h3>
      {'ref' in value ? (
        <p className="text-soft">
          Too large to show here: {value.size.toLocaleString()} bytes. Later steps get it whole.
        </p>
      ) : (
        <ValueTree value={value.inline} path={path} label={title} />
      )}
    </div>
  );
}

/** What a code step wrote to its console. */
function Logs({ lines }: { lines: readonly string[] }) {
  return (
    <div className="grid gap-2">
      <h3 className="text-mini text-soft">Console</h3>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key
        tabIndex={0}
        className="max-h-60 overflow-auto rounded-lg border border-line bg-side p-3 text-mini"
      >
        {lines.join('\n')}
      </pre>
    </div>
  );
}

function logsOf({ type, output }: RunStep): readonly string[] | undefined {
  if (type !== 'code' || !output || 'ref' in output) return undefined;
  const { inline } = output;
  if (typeof inline !== 'object' || inline === null || !('console' in inline)) return undefined;
  if (!Array.isArray(inline.console) || inline.console.length === 0) return undefined;
  return inline.console.map((line: unknown) =>
    typeof line === 'object' && line !== null && 'text' in line ? String(line.text) : JSON.stringify(line),
  );
}

/** A step that did not succeed has no output, which is noted as null. */
function isNothing({ status, output }: RunStep): boolean {
  return status !== 'succeeded' && output !== null && 'inline' in output && output.inline === null;
}
