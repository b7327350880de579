import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './ui/button.js';

/** A text to be taken elsewhere, such as an address, with a button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <div className="grid gap-1 py-2">
      <span className="text-mini text-soft">{label}</span>
      <div className="flex items-center gap-2 rounded-md border border-line bg-side py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 break-all text-mini">{value}</code>
        <Button look="ghost" size="icon" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
          <Icon aria-hidden className={isCopied ? 'text-success' : undefined} />
        </Button>
      </div>
      <span role="status" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </div>
  );
}
