import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result, secretApi } from '../../api/client.js';
import { CopyField } from '../../components/copy-field.js';
import { Button } from '../../components/ui/button.js';
import { wholeMomentText } from '../resources/moments.js';
import { SettingsLine } from '../settings/settings-line.js';
import { SettingsSection } from '../settings/settings-section.js';
import type { Tenant } from './tenants-query.js';

/** What a visit gives, for as long as the page is there. */
interface Visit {
  id: string;
  accessToken: string;
  expiresAt: string;
}

/** The access that the organization grants at present. A visit is by API: its token acts nowhere else. */
export function SupportSection({
  tenant: { id: organizationId, supportGrants },
  run,
}: {
  tenant: Tenant;
  run(work: () => Promise<void>): Promise<void>;
}) {
  const [visit, setVisit] = useState<Visit>();
  const attempt = (work: () => Promise<void>) => {
    run(work).catch((error: unknown) => toast.error(messageOf(error)));
  };
  const enter = (grantId: string) =>
    attempt(async () => {
      const path = { organizationId, grantId };
      setVisit(
        await result(
          secretApi.POST('/v1/platform/organizations/{organizationId}/support/{grantId}/enter', {
            params: { path },
          }),
        ),
      );
    });
  const leave = ({ id }: Visit) =>
    attempt(async () => {
      const path = { organizationId, id };
      await result(
        api.POST('/v1/platform/organizations/{organizationId}/support/visits/{id}/leave', {
          params: { path },
        }),
      );
      setVisit(undefined);
      toast('You have left');
    });
  return (
    <SettingsSection title="Support access" text="Each call of a visit is in the organization’s audit log.">
      {supportGrants.length === 0 && <p className="py-2.5 text-soft">It lets nobody in at present</p>}
      {supportGrants.map(({ id, isReadOnly, expiresAt }) => (
        <SettingsLine
          key={id}
          title={isReadOnly ? 'To read' : 'By a role'}
          text={`until ${wholeMomentText(expiresAt)}`}
          action={
            !visit && (
              <Button size="small" onClick={() => enter(id)}>
                Enter
              </Button>
            )
          }
        />
      ))}
      {visit && (
        <div className="grid gap-2 py-3">
          <CopyField label="Token of this visit, shown this once" value={visit.accessToken} />
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="text-mini text-soft">Good until {wholeMomentText(visit.expiresAt)}</p>
            <Button size="small" look="danger" onClick={() => leave(visit)}>
              Leave
            </Button>
          </div>
        </div>
      )}
    </SettingsSection>
  );
}
