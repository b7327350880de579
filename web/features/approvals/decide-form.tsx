import { Check, X } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.js';
import { Field, Input, Select } from '../../components/ui/field.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { type Approval, type Decision, useDecide } from './approval.js';

type ApprovalField = Approval['fields'][number];

interface Values {
  fields: Record<string, unknown>;
  comment: string;
}

/** The form of an approval: its fields, a comment, and the two ways to decide. */
export function DecideForm({ approval, onDecided }: { approval: Approval; onDecided?: () => void }) {
  const decide = useDecide(approval.id);
  const form = useApiForm<Values>({
    defaultValues: {
      comment: '',
      fields: Object.fromEntries(
        approval.fields.map(({ key, kind }) => [key, kind === 'boolean' ? false : '']),
      ),
    },
  });
  const send = (decision: Decision['decision']) =>
    form.sendBy(async ({ fields, comment }) => {
      await decide.mutateAsync({
        decision,
        fields: valuesOf(approval.fields, fields),
        ...(comment.trim() !== '' && { comment: comment.trim() }),
      });
      toast(decision === 'approved' ? 'Approved' : 'Rejected');
      onDecided?.();
    });
  const isBusy = form.formState.isSubmitting;
  return (
    <form
      onSubmit={send('approved')}
      className="grid gap-4"
      noValidate
      aria-label={`Decide: ${approval.title}`}
    >
      <ProblemNote error={form.problem} />
      {approval.fields.map((field) => (
        <Field
          key={field.key}
          label={field.required ? `${field.label} *` : field.label}
          error={form.errorOf(`fields.${field.key}`)}
        >
          {(control) => {
            const props = { ...control, ...form.register(`fields.${field.key}`) };
            if (field.kind === 'boolean') {
              return <input type="checkbox" {...props} className="size-4 accent-accent" />;
            }
            if (field.kind === 'choice') {
              return (
                <Select {...props}>
                  <option value="">Choose …</option>
                  {field.options?.map((option) => (
                    <option key={option}>{option}</option>
                  ))}
                </Select>
              );
            }
            return <Input type={field.kind === 'number' ? 'number' : 'text'} {...props} />;
          }}
        </Field>
      ))}
      <Field label="Comment" error={form.errorOf('comment')}>
        {(control) => <Input {...control} {...form.register('comment')} maxLength={5_000} />}
      </Field>
      <div className="flex justify-end gap-2">
        <Button look="danger" disabled={isBusy} onClick={send('rejected')}>
          <X aria-hidden />
          Reject
        </Button>
        <Button type="submit" look="primary" disabled={isBusy}>
          <Check aria-hidden />
          Approve
        </Button>
      </div>
    </form>
  );
}

/** What was filled in, as the API takes it; what is empty is left out. */
function valuesOf(form: readonly ApprovalField[], given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { key, kind } of form) {
    const value = given[key];
    if (kind === 'boolean') values[key] = value === true;
    else if (value !== undefined && value !== '') values[key] = kind === 'number' ? Number(value) : value;
  }
  return values;
}
