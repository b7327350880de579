import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Badge } from '../../components/ui/states.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { SettingsLine } from '../settings/settings-line.js';
import { SettingsScreen } from '../settings/settings-screen.js';
import { SettingsSection } from '../settings/settings-section.js';

const healthQuery = queryOptions({
  queryKey: ['platform', 'health'],
  queryFn: () => result(api.GET('/v1/platform/health')),
  staleTime: 0,
});

/** After so long without a sign of life workers are taken to be away. */
const silentMs = 60_000;

/** How the platform does: engine, workers, what waits. */
export function HealthScreen() {
  const { data, refetch, isFetching } = useSuspenseQuery(healthQuery);
  const { workersSeenAt, isEngineThere, queue, runs, unsealed, oldestUnsealed, lastSealedAt, versions } =
    data;
  const isAtWork = workersSeenAt !== null && Date.now() - Date.parse(workersSeenAt) < silentMs;
  const count = (number: number) => <span className="tabular-nums">{number}</span>;
  return (
    <SettingsScreen
      title="Health"
      actions={
        <Button size="small" onClick={() => void refetch()} disabled={isFetching}>
          <RefreshCw aria-hidden className={isFetching ? 'animate-spin' : undefined} />
          Look again
        </Button>
      }
    >
      <SettingsSection title="Programs">
        <SettingsLine title="Engine (Temporal)" action={<Badge>{isEngineThere ? 'There' : 'Away'}</Badge>} />
        <SettingsLine
          title="Workers"
          text={workersSeenAt === null ? 'never seen' : `seen ${momentText(workersSeenAt)}`}
          action={<Badge>{isAtWork ? 'At work' : 'Silent'}</Badge>}
        />
        {Object.entries(versions).map(([name, version]) => (
          <SettingsLine key={name} title={name} action={<code className="text-mini">{version}</code>} />
        ))}
      </SettingsSection>
      <SettingsSection title="Organizations">
        <SettingsLine title="All" action={count(data.organizations)} />
        <SettingsLine title="Suspended" action={count(data.suspended)} />
      </SettingsSection>
      <SettingsSection title="Runs">
        {Object.entries(runs).map(([state, number]) => (
          <SettingsLine
            key={state}
            title={<span className="capitalize">{state}</span>}
            action={count(number)}
          />
        ))}
      </SettingsSection>
      <SettingsSection title="Queue" text="What the dispatcher has still to look at.">
        {queue.length === 0 && <p className="py-2.5 text-soft">It is empty</p>}
        {queue.map(({ kind, waiting, due, lagSeconds }) => (
          <SettingsLine
            key={kind}
            title={kind.replaceAll('_', ' ')}
            text={lagSeconds === null ? 'nothing is late' : `the oldest is ${Math.round(lagSeconds)} s late`}
            action={
              <span className="tabular-nums">
                {due} due of {waiting}
              </span>
            }
          />
        ))}
      </SettingsSection>
      <SettingsSection title="Audit logs">
        <SettingsLine
          title="Entries without a seal"
          text={oldestUnsealed && `the oldest is of ${wholeMomentText(oldestUnsealed)}`}
          action={count(unsealed)}
        />
        <SettingsLine
          title="Last sealed"
          action={
            <span className="text-soft">{lastSealedAt === null ? 'never' : momentText(lastSealedAt)}</span>
          }
        />
      </SettingsSection>
    </SettingsScreen>
  );
}
