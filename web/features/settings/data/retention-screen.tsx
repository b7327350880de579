import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmDialog } from '../../../components/ui/confirm-dialog.js';
import { Input } from '../../../components/ui/field.js';
import { useRights } from '../../session/use-rights.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: () => result(api.GET('/v1/retention')),
});

type Period = Awaited<ReturnType<NonNullable<typeof retentionQuery.queryFn>>>['periods'][number];

/** For how long the organization keeps what comes and goes by itself. */
export function RetentionScreen() {
  const { data } = useSuspenseQuery(retentionQuery);
  return (
    <SettingsScreen
      title="Retention"
      lead="What is older than it says here is deleted within hours, and for good."
    >
      <SettingsSection title="How long things are kept" text={`Within what the plan ${data.plan} allows.`}>
        {data.periods.map((period) => (
          <PeriodLine key={`${period.kind} ${period.days}`} period={period} />
        ))}
      </SettingsSection>
    </SettingsScreen>
  );
}

function PeriodLine({ period: { kind, title, description, days, isDefault, min, max } }: { period: Period }) {
  const client = useQueryClient();
  const { may } = useRights();
  const [typed, setTyped] = useState(String(days));
  const [isAsking, setAsking] = useState(false);
  const isReadOnly = !may('retention:update');
  const wanted = Number(typed);
  const isChanged = typed !== String(days);
  const isValid = Number.isInteger(wanted) && wanted >= min && wanted <= max;
  const save = async (value: number | null) => {
    try {
      const body = { kind, days: value };
      client.setQueryData(retentionQuery.queryKey, await result(api.PATCH('/v1/retention', { body })));
      toast('Saved');
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <>
      <SettingsLine
        title={title}
        text={`${description}. ${min} to ${max} days${isDefault ? '; this is the default' : ''}`}
        action={
          <form
            className="flex items-center gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (wanted < days) setAsking(true);
              else void save(wanted);
            }}
          >
            <Input
              type="number"
              aria-label={`${title}: days`}
              aria-invalid={!isValid}
              className="h-8 w-24"
              min={min}
              max={max}
              value={typed}
              disabled={isReadOnly}
              onChange={({ target }) => setTyped(target.value)}
            />
            <span className="text-soft">days</span>
            {isChanged && (
              <Button type="submit" size="small" look="primary" disabled={!isValid}>
                Save
              </Button>
            )}
            {!isChanged && !isDefault && !isReadOnly && (
              <Button size="small" onClick={() => void save(null)}>
                Default
              </Button>
            )}
          </form>
        }
      />
      {isAsking && (
        <ConfirmDialog
          title={`Keep ${title.toLowerCase()} for ${wanted} days only?`}
          text="What is older is deleted within hours. There is no way back."
          verb="Shorten it"
          onConfirm={() => void save(wanted)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
