import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Settings2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { AutomationDefinition } from '#core/automation/definition.js';
import type { Draft } from '#core/automation/draft/draft.js';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Field, Input, TextArea } from '../../components/ui/field.js';
import { resourceKey } from '../resources/resource.js';
import { FormScopeContext } from './form-context.js';
import { type Issue, sentence, withoutPlace } from './issue.js';
import { SidePanel } from './side-panel.js';
import { formSchemaOf, plainSchema } from './step-schema.js';
import { type Automation, keyOf } from './use-draft.js';
import { ObjectFields } from './value-field.js';

export interface SettingsPanelProps {
  automation: Automation;
  draft: Draft;
  issues: readonly Issue[];
  change(edit: (draft: Draft) => Draft, about?: string): void;
  onClose(): void;
}

/** What holds for the automation as a whole: what it is called, and how its runs are limited and told of. */
export function SettingsPanel({ automation, draft, issues, change, onClose }: SettingsPanelProps) {
  const scope = useMemo(
    () => ({
      shape: {},
      data: {},
      connection: undefined,
      errorAt: (path: string) => {
        const found = issues.find((issue) => issue.path === `settings.${path}`);
        return found && sentence(found.message);
      },
    }),
    [issues],
  );
  const nameIssue = issues.find(({ path }) => path === 'name');
  return (
    <SidePanel
      label="Settings of the automation"
      title="Settings"
      icon={<Settings2 aria-hidden />}
      closeLabel="Close the settings of the automation"
      onClose={onClose}
    >
      <Field label="Name" error={nameIssue && sentence(withoutPlace(nameIssue.message))}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={draft.name}
            onChange={({ target }) => change((present) => ({ ...present, name: target.value }), 'name')}
          />
        )}
      </Field>
      <Description automation={automation} />
      <FormScopeContext value={scope}>
        <ObjectFields
          path=""
          schema={settingsSchema}
          value={draft.settings}
          isTemplate={false}
          always={oftenSet}
          addLabel="Add a setting"
          onChange={(settings) =>
            change((present) => ({ ...present, settings: { ...settings } }), 'settings')
          }
        />
      </FormScopeContext>
    </SidePanel>
  );
}

const oftenSet = ['timeout', 'onFailure', 'failureNotice'];
const settingsSchema = plainSchema(formSchemaOf(AutomationDefinition.shape.settings));

/** It belongs to the automation, not to its draft: it holds at once, without publishing. */
function Description({ automation: { id, description } }: { automation: Automation }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<string>();
  const save = useMutation({
    mutationFn: (text: string) =>
      result(api.PATCH('/v1/automations/{id}', { params: { path: { id } }, body: { description: text } })),
    onSuccess(saved) {
      client.setQueryData(keyOf(id), saved);
      setTyped(undefined);
      return client.invalidateQueries({ queryKey: resourceKey.all('automations') });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  return (
    <Field label="Description" hint="For those who find it in the list. It holds at once.">
      {(control) => (
        <TextArea
          {...control}
          className="min-h-16"
          maxLength={5_000}
          value={typed ?? description}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => typed !== undefined && typed !== description && save.mutate(typed)}
        />
      )}
    </Field>
  );
}
