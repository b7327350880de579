import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { ConfirmByName } from '../../../components/ui/confirm-by-name.js';
import { Badge } from '../../../components/ui/states.js';
import { wholeMomentText } from '../../resources/moments.js';
import { useRights } from '../../session/use-rights.js';
import { useSession } from '../../session/use-session.js';
import { useConfirmed } from '../confirm-it-is-me.js';
import { erasureStatusNames, erasuresQuery } from '../data/erasures.js';
import { ExportsList, useExport } from '../data/exports-list.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';

/** What is kept of the person: to take along, and to be erased. */
export function PersonalDataScreen() {
  const session = useSession();
  const { may } = useRights();
  const ask = useExport();
  const own = session?.user.id;
  return (
    <SettingsScreen title="Personal data">
      {may('exports:read') && (
        <SettingsSection
          title="Take it along"
          text="Everything that this organization keeps of you, as JSON in an archive."
          action={
            <Button size="small" look="primary" onClick={() => void ask({ subject: 'person' })}>
              <Download aria-hidden />
              Export my data
            </Button>
          }
        >
          <ExportsList isShown={({ userId }) => userId === own} />
        </SettingsSection>
      )}
      <Leaving />
    </SettingsScreen>
  );
}

const scopes = [
  {
    scope: 'organization',
    title: 'Leave this organization and be erased in it',
    text: 'Your account stays, in other organizations too.',
    verb: 'Leave …',
  },
  {
    scope: 'account',
    title: 'Delete the account',
    text: 'You are erased in all of your organizations, and can sign in nowhere.',
    verb: 'Delete …',
  },
] as const;

function Leaving() {
  const client = useQueryClient();
  const session = useSession();
  const { data } = useSuspenseQuery(erasuresQuery);
  const confirmed = useConfirmed();
  const [asking, setAsking] = useState<(typeof scopes)[number]>();
  const [error, setError] = useState<string>();
  const own = data.items.filter(
    ({ userId, status }) => userId === session?.user.id && status !== 'cancelled',
  );
  const readAnew = () => client.invalidateQueries({ queryKey: erasuresQuery.queryKey });
  const erase = async ({ scope }: (typeof scopes)[number]) => {
    setError(undefined);
    try {
      await confirmed.run(async () => {
        const body = { scope, confirmEmail: session?.user.email ?? '' };
        await result(api.POST('/v1/erasures/own', { body }));
        setAsking(undefined);
        await readAnew();
      });
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  const cancel = async (id: string) => {
    try {
      await result(api.POST('/v1/erasures/{id}/cancel', { params: { path: { id } } }));
      toast('You stay');
    } catch (problem) {
      toast.error(messageOf(problem));
    }
    await readAnew();
  };
  return (
    <SettingsSection
      title="Be erased"
      text="What you did stays as work of the organization, under a pseudonym."
    >
      {own.map(({ id, status, dueAt, erasesAccount }) => (
        <SettingsLine
          key={id}
          title={erasesAccount ? 'Your account is to be deleted' : 'You are to be erased here'}
          text={`on ${wholeMomentText(dueAt)}`}
          action={
            status === 'scheduled' ? (
              <Button size="small" look="primary" onClick={() => void cancel(id)}>
                Stay
              </Button>
            ) : (
              <Badge>{erasureStatusNames[status]}</Badge>
            )
          }
        />
      ))}
      {scopes.map((one) => (
        <SettingsLine
          key={one.scope}
          title={one.title}
          text={one.text}
          action={
            <Button size="small" look="danger" onClick={() => setAsking(one)}>
              {one.verb}
            </Button>
          }
        />
      ))}
      {asking && (
        <ConfirmByName
          title={`${asking.title}?`}
          text="It is done after some days, in which you can change your mind here."
          name={session?.user.email ?? ''}
          nameLabel="Your address"
          verb="Erase me"
          error={error}
          onConfirm={() => void erase(asking)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {confirmed.dialog}
    </SettingsSection>
  );
}
