import { Braces, ChevronRight, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.js';
import { classNames } from '../../components/ui/class-names.js';

/** So many entries of a list or object are shown at first. */
const shownAtFirst = 50;
const indent = 14;

export interface ValueTreeProps {
  value: unknown;
  /** What stands for it in expressions, `steps.task.output`; empty where nothing does. */
  path: string;
  label: string;
}

/** A value of a run, to be opened level by level; each part can be copied, also as an expression. */
export function ValueTree({ value, path, label }: ValueTreeProps) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-side py-1.5 font-mono text-mini leading-5">
      <ul aria-label={label}>
        <Branch name={undefined} value={value} path={path} depth={0} />
      </ul>
    </div>
  );
}

interface BranchProps {
  name: string | undefined;
  value: unknown;
  path: string;
  depth: number;
}

function Branch({ name, value, path, depth }: BranchProps) {
  const entries = entriesOf(value);
  const [isOpen, setOpen] = useState(depth < 2 && entries.length <= shownAtFirst);
  const [limit, setLimit] = useState(shownAtFirst);
  const isList = Array.isArray(value);
  const start = { paddingLeft: 8 + depth * indent };
  return (
    <li>
      <div className="group flex min-h-6 items-start gap-1 pr-2 hover:bg-hover" style={start}>
        {entries.length > 0 ? (
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="flex min-w-0 items-start gap-1 rounded text-left"
          >
            <ChevronRight
              aria-hidden
              className={classNames('mt-1 size-3 shrink-0 text-soft', isOpen && 'rotate-90')}
            />
            <Name name={name} />
            <span className="text-faint">{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
          </button>
        ) : (
          <span className="flex min-w-0 items-start gap-1 pl-4">
            <Name name={name} />
            <Leaf value={value} />
          </span>
        )}
        <span className="ml-auto flex shrink-0 opacity-0 focus-within:opacity-100 group-hover:opacity-100">
          {path !== '' && (
            <CopyButton label={`Copy the expression ${path}`} text={`{{ ${path} }}`}>
              <Braces aria-hidden />
            </CopyButton>
          )}
          <CopyButton label={`Copy the value of ${name ?? 'it'}`} text={textOf(value)}>
            <Copy aria-hidden />
          </CopyButton>
        </span>
      </div>
      {isOpen && entries.length > 0 && (
        <ul>
          {entries.slice(0, limit).map(([key, part]) => (
            <Branch
              key={key}
              name={key}
              value={part}
              path={path === '' ? '' : path + accessOf(key, isList)}
              depth={depth + 1}
            />
          ))}
          {entries.length > limit && (
            <li style={{ paddingLeft: 8 + (depth + 1) * indent }}>
              <Button look="ghost" size="small" onClick={() => setLimit(limit + 200)}>
                {entries.length - limit} more
              </Button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function Name({ name }: { name: string | undefined }): ReactNode {
  return name === undefined ? null : <span className="shrink-0 text-accent">{name}:</span>;
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') {
    return <span className="whitespace-pre-wrap break-words text-text">{JSON.stringify(value)}</span>;
  }
  if (Array.isArray(value)) return <span className="text-faint">[]</span>;
  if (typeof value === 'object' && value !== null) return <span className="text-faint">{'{}'}</span>;
  return <span className="text-warning">{String(value ?? 'null')}</span>;
}

function CopyButton({ label, text, children }: { label: string; text: string; children: ReactNode }) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast('Copied'),
      () => toast.error('The browser did not let it be copied'),
    );
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={label}
      title={label}
      className="size-6 [&_svg]:size-3.5"
      onClick={() => void copy()}
    >
      {children}
    </Button>
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** How an expression reaches a part: `.title`, `["a b"]`, `[0]`. */
function accessOf(key: string, isList: boolean): string {
  if (isList) return `[${key}]`;
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2);
}
