import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmByName } from '../../../components/ui/confirm-by-name.js';
import { wholeMomentText } from '../../resources/moments.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsSection } from '../settings-section.js';
import type { OrganizationSettings } from './settings-query.js';

/** The end of the organization, and the way back within thirty days. */
export function DeletionSection({ settings: { slug, eraseAt } }: { settings: OrganizationSettings }) {
  const client = useQueryClient();
  const confirmed = useConfirmed();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string>();
  const readAnew = () => client.invalidateQueries({ queryKey: ['organization'] });
  const restore = useMutation({
    mutationFn: () => result(api.POST('/v1/organization/restore')),
    onSuccess: () => toast('The organization is back as it was'),
    onError: (problem) => toast.error(messageOf(problem)),
    onSettled: readAnew,
  });
  const remove = async () => {
    setError(undefined);
    try {
      await confirmed.run(async () => {
        await result(api.POST('/v1/organization/delete', { body: { slug } }));
        setAsking(false);
        await readAnew();
      });
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  if (eraseAt !== null) {
    return (
      <SettingsSection
        title="This organization is deleted"
        text="Nobody but its owners can do anything in it."
      >
        <SettingsLine
          title={`It is erased on ${wholeMomentText(eraseAt)}`}
          text="Until then everything can be brought back as it was."
          action={
            <Button look="primary" onClick={() => restore.mutate()} disabled={restore.isPending}>
              Restore it
            </Button>
          }
        />
      </SettingsSection>
    );
  }
  return (
    <SettingsSection title="Delete the organization" text="It stops at once, and is erased after 30 days.">
      <SettingsLine
        title="Delete everything"
        text="All projects, tasks, automations and members. Until it is erased an owner can bring it back."
        action={
          <Button size="small" look="danger" onClick={() => setAsking(true)}>
            Delete …
          </Button>
        }
      />
      {isAsking && (
        <ConfirmByName
          title="Delete this organization?"
          text="Everything in it stops at once. For 30 days an owner can bring it back; then it is erased for good."
          name={slug}
          nameLabel="Address of the organization"
          verb="Delete it"
          error={error}
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        />
      )}
      {confirmed.dialog}
    </SettingsSection>
  );
}
