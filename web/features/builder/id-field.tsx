import { useState } from 'react';
import type { Draft } from '#core/automation/draft/draft.js';
import { problemOfId } from '#core/automation/draft/rename-node.js';
import { Field, Input } from '../../components/ui/field.js';

/** By which name expressions reach a step. Another one is put everywhere, once it is whole. */
export function IdField({ draft, id, onRename }: { draft: Draft; id: string; onRename(id: string): void }) {
  const [typed, setTyped] = useState(id);
  const problem = problemOfId(draft, id, typed);
  const rename = () => {
    if (problem !== undefined) setTyped(id);
    else if (typed !== id) onRename(typed);
  };
  return (
    <Field
      label="Name in expressions"
      hint={`As in steps.${id}.output; where it is used changes with it.`}
      error={problem && `It ${problem}`}
    >
      {(control) => (
        <Input
          {...control}
          className="font-mono text-[12px]"
          maxLength={63}
          spellCheck={false}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={rename}
          onKeyDown={({ key }) => {
            if (key === 'Enter') rename();
            if (key === 'Escape') setTyped(id);
          }}
        />
      )}
    </Field>
  );
}
