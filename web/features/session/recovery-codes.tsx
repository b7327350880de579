import { Copy } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '../../components/ui/button.js';

/** Codes that are shown once, to be kept. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    toast('Copied');
  };
  return (
    <div className="grid gap-3">
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-lg border border-line bg-side p-4 font-mono text-mini">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button onClick={copy}>
        <Copy aria-hidden />
        Copy all
      </Button>
    </div>
  );
}
