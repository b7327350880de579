import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder as showPlaceholder } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { followShape, type Shape } from './expression-scope.js';

export interface ExpressionEditorProps {
  label: string;
  value: string;
  onChange(value: string): void;
  shape: Shape;
  isInvalid: boolean;
  describedBy?: string | undefined;
}

const theme = EditorView.theme({
  '&': { fontSize: '12.5px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'ui-monospace, monospace', padding: '7px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 9px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--faint)' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', border: '1px solid var(--line)', borderRadius: '8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
});

/** A text with expressions in `{{ }}`, completed from what is in scope. Tab leaves it. */
export function ExpressionEditor({
  label,
  value,
  onChange,
  shape,
  isInvalid,
  describedBy,
}: ExpressionEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const now = useRef({ onChange, shape, value });
  now.current = { onChange, shape, value };

  useEffect(() => {
    if (!place.current) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: now.current.value,
        extensions: [
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          theme,
          EditorView.cspNonce.of(nonce()),
          showPlaceholder('{{ trigger.… }}'),
          autocompletion({
            override: [(context) => complete(context, now.current.shape)],
            icons: false,
          }),
          closingBraces,
          keymap.of([
            ...completionKeymap,
            { key: 'Tab', run: acceptCompletion },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    const present = editor?.state.doc.toString();
    if (!editor || present === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const content = view.current?.contentDOM;
    content?.setAttribute('aria-invalid', String(isInvalid));
    if (describedBy) content?.setAttribute('aria-describedby', describedBy);
    else content?.removeAttribute('aria-describedby');
  }, [isInvalid, describedBy]);

  return (
    <div
      ref={place}
      data-invalid={isInvalid}
      className="min-h-9 w-full rounded-md border border-line-strong bg-raised focus-within:outline-2 focus-within:outline-accent focus-within:outline-offset-1 hover:border-faint data-[invalid=true]:border-danger"
    />
  );
}

/** A second { brings what closes both. */
const closingBraces = EditorView.inputHandler.of((view, from, to, text) => {
  if (text !== '{' || from !== to || view.state.sliceDoc(from - 1, from) !== '{') return false;
  view.dispatch({ changes: { from, insert: '{  }}' }, selection: { anchor: from + 2 }, userEvent: 'input' });
  return true;
});

function complete(context: CompletionContext, shape: Shape) {
  const before = context.state.sliceDoc(0, context.pos);
  if (before.lastIndexOf('{{') <= before.lastIndexOf('}}')) return null;
  const word = context.matchBefore(/[\w.]*$/);
  if (!word || (word.text === '' && !context.explicit)) return null;
  const path = word.text.split('.');
  const last = path.pop() ?? '';
  const fields = followShape(shape, path)?.fields;
  if (!fields) return null;
  return {
    from: context.pos - last.length,
    options: Object.entries(fields).map(([label, { type }]) => ({ label, ...(type && { detail: type }) })),
    validFor: /^\w*$/,
  };
}

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
