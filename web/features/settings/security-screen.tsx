import { startRegistration } from '@simplewebauthn/browser';
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { ApiError, messageOf } from '../../api/api-error.js';
import { api, result, secretApi } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Badge } from '../../components/ui/states.js';
import { momentText } from '../resources/moments.js';
import { RecoveryCodes } from '../session/recovery-codes.js';
import { TotpForm } from '../session/totp-form.js';
import { ChangePassword } from './change-password.js';
import { useConfirmed } from './confirm-it-is-me.js';
import { SettingsLine } from './settings-line.js';
import { SettingsScreen } from './settings-screen.js';
import { SettingsSection } from './settings-section.js';

const factorsQuery = queryOptions({
  queryKey: ['second-factors'],
  queryFn: () => result(api.GET('/v1/me/second-factors')),
});
const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: () => result(api.GET('/v1/me/passkeys')),
});
const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => result(api.GET('/v1/sessions')),
});

/** What keeps the account safe: password, second factors, and where one is signed in. */
export function SecurityScreen() {
  const confirmed = useConfirmed();
  const [shown, setShown] = useState<ReactNode>();
  const attempt = (work: () => Promise<void>) => {
    confirmed.run(work).catch((error: unknown) => toast.error(messageOf(error)));
  };
  const tools = { attempt, show: setShown };
  return (
    <>
      <SettingsScreen title="Security">
        <SettingsSection title="Password" text="A new one ends your sessions on all other devices.">
          <ChangePassword run={confirmed.run} />
        </SettingsSection>
        <SecondFactors {...tools} />
        <Passkeys {...tools} />
        <Sessions {...tools} />
      </SettingsScreen>
      {confirmed.dialog}
      <Dialog
        isOpen={shown !== undefined}
        onOpenChange={(isOpen) => !isOpen && setShown(undefined)}
        title="Second factor"
      >
        <div className="p-5">{shown}</div>
      </Dialog>
    </>
  );
}

interface Tools {
  /** Does something, asks for a proof if one is needed, and tells what went wrong. */
  attempt(work: () => Promise<void>): void;
  show(content: ReactNode): void;
}

function SecondFactors({ attempt, show }: Tools) {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(factorsQuery);
  const hasTotp = data.methods.includes('totp');
  const readAnew = () => client.invalidateQueries({ queryKey: factorsQuery.queryKey });
  const setUp = async () => {
    const setup = await result(secretApi.POST('/v1/me/totp'));
    show(
      <TotpForm
        setup={setup}
        onCode={async (code) => {
          const { recoveryCodes } = await result(secretApi.POST('/v1/me/totp/confirm', { body: { code } }));
          await readAnew();
          show(<RecoveryCodes codes={recoveryCodes} />);
        }}
      />,
    );
  };
  return (
    <SettingsSection title="Second factor" text="Asked for after your password.">
      <SettingsLine
        title="Authenticator app"
        text={hasTotp ? 'Set up' : 'Not set up'}
        action={
          <Button
            size="small"
            onClick={() =>
              attempt(async () => {
                if (!hasTotp) return setUp();
                await result(api.DELETE('/v1/me/totp'));
                await readAnew();
              })
            }
          >
            {hasTotp ? 'Remove' : 'Set up'}
          </Button>
        }
      />
      <SettingsLine
        title="Recovery codes"
        text={`${data.recoveryCodesLeft} are left`}
        action={
          data.methods.length > 0 && (
            <Button
              size="small"
              onClick={() =>
                attempt(async () => {
                  const { recoveryCodes } = await result(secretApi.POST('/v1/me/recovery-codes'));
                  await readAnew();
                  show(<RecoveryCodes codes={recoveryCodes} />);
                })
              }
            >
              Make new ones
            </Button>
          )
        }
      />
    </SettingsSection>
  );
}

function Passkeys({ attempt, show }: Tools) {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(passkeysQuery);
  const readAnew = () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  const add = async () => {
    const { challenge, options } = await result(api.POST('/v1/me/passkeys/challenge'));
    // As with signing in, the API gives what the browser's function takes.
    const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'];
    const made = await startRegistration({ optionsJSON }).catch((error: unknown) => {
      throw new ApiError('forbidden', 'No passkey was made', [], undefined, { cause: error });
    });
    const { id, rawId, type, response } = made;
    const { clientDataJSON, attestationObject } = response;
    const body = {
      name: `Passkey of ${new Date().toLocaleDateString()}`,
      challenge,
      response: { id, rawId, type, response: { clientDataJSON, attestationObject } },
    };
    const { recoveryCodes } = await result(secretApi.POST('/v1/me/passkeys', { body }));
    await readAnew();
    if (recoveryCodes) show(<RecoveryCodes codes={recoveryCodes} />);
  };
  return (
    <SettingsSection
      title="Passkeys"
      text="Let you in without a password."
      action={
        <Button size="small" onClick={() => attempt(add)}>
          Add a passkey
        </Button>
      }
    >
      {data.items.length === 0 && <p className="py-2.5 text-soft">None yet</p>}
      {data.items.map(({ id, name, createdAt }) => (
        <SettingsLine
          key={id}
          title={name}
          text={`Made ${momentText(createdAt)}`}
          action={
            <Button
              size="small"
              look="danger"
              onClick={() =>
                attempt(async () => {
                  await result(api.DELETE('/v1/me/passkeys/{id}', { params: { path: { id } } }));
                  await readAnew();
                })
              }
            >
              Remove
            </Button>
          }
        />
      ))}
    </SettingsSection>
  );
}

function Sessions({ attempt }: Tools) {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(sessionsQuery);
  return (
    <SettingsSection title="Sessions" text="Where you are signed in to this organization.">
      {data.items.map(({ id, userAgent, ip, lastUsedAt, isCurrent }) => (
        <SettingsLine
          key={id}
          title={nameOfBrowser(userAgent)}
          text={[ip, `used ${momentText(lastUsedAt)}`].filter(Boolean).join(' · ')}
          action={
            isCurrent ? (
              <Badge>This one</Badge>
            ) : (
              <Button
                size="small"
                onClick={() =>
                  attempt(async () => {
                    await result(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
                    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
                  })
                }
              >
                End
              </Button>
            )
          }
        />
      ))}
    </SettingsSection>
  );
}

/** `Firefox on Linux`, as far as a browser says so. */
function nameOfBrowser(userAgent: string | null): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(userAgent ?? '')?.[1] ?? 'A program';
  const system = /(Windows|Mac OS|Android|iPhone|Linux)/.exec(userAgent ?? '')?.[1];
  const name = browser === 'Edg' ? 'Edge' : browser;
  return system === undefined ? name : `${name} on ${system}`;
}
