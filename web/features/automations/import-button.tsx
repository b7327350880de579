import { type ReactNode, useRef, useState } from 'react';
import { toast } from 'sonner';
import { AutomationDocument } from '#core/automation-document/automation-document.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { type ImportedDocument, ImportForm } from './import-form.js';

/** Largest file that is read, in bytes. */
const maxSize = 10 * 1024 * 1024;

/** Takes a file that was exported here or elsewhere, and asks for what its parameters need. */
export function ImportButton({ children }: { children: ReactNode }) {
  const input = useRef<HTMLInputElement>(null);
  const [document, setDocument] = useState<ImportedDocument>();
  const read = async (file: File | undefined) => {
    if (!file) return;
    const found = file.size <= maxSize ? parse(await file.text()) : undefined;
    if (found) setDocument(found);
    else toast.error('This is no file of automations that were exported');
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="File of automations"
        tabIndex={-1}
        className="sr-only"
        onChange={({ target }) => {
          void read(target.files?.[0]);
          target.value = '';
        }}
      />
      <Button size="small" onClick={() => input.current?.click()}>
        {children}
      </Button>
      {document && (
        <Dialog
          isOpen
          onOpenChange={(isOpen) => !isOpen && setDocument(undefined)}
          title="Import automations"
          description={[document.automation, ...(document.automations ?? [])]
            .flatMap((automation) => automation?.name ?? [])
            .join(', ')}
        >
          <div className="p-5">
            <ImportForm document={document} verb="Import" />
          </div>
        </Dialog>
      )}
    </>
  );
}

function parse(text: string): ImportedDocument | undefined {
  try {
    const read: unknown = JSON.parse(text);
    // The type was made of the schema that it fits.
    return AutomationDocument.safeParse(read).success ? (read as ImportedDocument) : undefined;
  } catch {
    return undefined;
  }
}
