import { CircleAlert } from 'lucide-react';
import { messageOf } from '../../api/api-error.js';

/** What went wrong with a form as a whole. */
export function ProblemNote({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p role="alert" className="flex gap-2 rounded-md bg-danger-soft px-3 py-2 text-danger">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {messageOf(error)}
    </p>
  );
}
