import { Copy, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/ui/button.js';
import { lookOfNode, lookOfTrigger } from '../canvas/node-look.js';
import { FormScopeContext } from './form-context.js';
import type { InspectorProps } from './inspector-props.js';
import { sentence, withoutPlace } from './issue.js';
import { NodeForm } from './node-form.js';
import { SidePanel } from './side-panel.js';
import { TriggerForm } from './trigger-form.js';
import { useFormScope } from './use-form-scope.js';

/** Everything that can be said of the chosen step, or of the trigger. */
export function Inspector(props: InspectorProps) {
  const { draft, id, isNew, issues, data, onClose, onDelete, onDuplicate } = props;
  const node = draft.nodes.find((entry) => entry.id === id);
  const look = node ? lookOfNode(node) : lookOfTrigger(draft.trigger);
  const scope = useFormScope(draft, id, issues, data);
  const loose = issues.filter(({ path }) => ['edges', 'type', 'action', 'id'].includes(withoutPlace(path)));
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isNew) return;
    // Behind the palette's own step, which gives the focus back to where it was.
    const timer = setTimeout(() => section.current?.querySelector('input')?.focus());
    return () => clearTimeout(timer);
  }, [isNew]);
  return (
    <SidePanel
      ref={section}
      label={`Settings of ${look.title}`}
      title={look.title}
      icon={<look.icon aria-hidden />}
      closeLabel="Close the settings"
      onClose={onClose}
      actions={
        node && (
          <>
            <Button look="ghost" size="icon" aria-label="Duplicate the step" onClick={onDuplicate}>
              <Copy aria-hidden />
            </Button>
            <Button look="ghost" size="icon" aria-label="Delete the step" onClick={onDelete}>
              <Trash2 aria-hidden />
            </Button>
          </>
        )
      }
    >
      {loose.map(({ path, message }) => (
        <p key={path + message} className="rounded-md bg-danger-soft px-3 py-2 text-danger">
          {sentence(message)}
        </p>
      ))}
      <FormScopeContext value={scope}>
        {node ? <NodeForm {...props} node={node} /> : <TriggerForm {...props} />}
      </FormScopeContext>
    </SidePanel>
  );
}
