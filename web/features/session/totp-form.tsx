import { encode } from 'uqr';
import { Button } from '../../components/ui/button.js';
import { Field, Input } from '../../components/ui/field.js';
import { ProblemNote } from './problem-note.js';
import { useApiForm } from './use-api-form.js';

/** Shows what an authenticator app needs, and asks for its first code. */
export function TotpForm({
  setup: { secret, uri },
  onCode,
}: {
  setup: { secret: string; uri: string };
  onCode(code: string): Promise<void>;
}) {
  const form = useApiForm<{ code: string }>({ defaultValues: { code: '' } });
  return (
    <form
      onSubmit={form.sendBy(({ code }) => onCode(code.replaceAll(' ', '')))}
      className="grid gap-4"
      noValidate
    >
      <QrCode text={uri} />
      <p className="text-soft">
        Scan it with the app, or type <code className="break-all text-mini text-text">{secret}</code>
      </p>
      <ProblemNote error={form.problem} />
      <Field label="Code that the app shows" error={form.errorOf('code')}>
        {(control) => (
          <Input
            {...control}
            {...form.register('code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
          />
        )}
      </Field>
      <Button type="submit" look="primary" size="large" disabled={form.formState.isSubmitting}>
        Confirm
      </Button>
    </form>
  );
}

function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} className="w-44 rounded-lg border border-line" role="img">
      <title>QR code for the authenticator app</title>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
