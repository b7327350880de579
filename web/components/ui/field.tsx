import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.js';

const control =
  'w-full rounded-md border border-line-strong bg-raised px-2.5 text-text transition-colors hover:border-faint aria-invalid:border-danger disabled:opacity-60';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={classNames(control, 'h-9', className)} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(control, 'min-h-24 resize-y py-2', className)} {...props} />;
}

export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select className={classNames(control, 'h-9', className)} {...props} />;
}

export interface FieldProps {
  label: string;
  /** What is wrong with it; told to those who can't see it too. */
  error?: string | undefined;
  hint?: string | undefined;
  /** Beside the label, such as a link. */
  aside?: ReactNode;
  /** Gets what ties the control to label, hint and error. */
  children(control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string }): ReactNode;
}

/** A labelled control of a form, with its error in place. */
export function Field({ label, error, hint, aside, children }: FieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className="grid content-start gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({ id, 'aria-invalid': Boolean(error), ...(described && { 'aria-describedby': described }) })}
      {hint && (
        <p id={`${id}-hint`} className="text-mini text-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-mini text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
