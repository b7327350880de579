import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { plans } from '#core/flags.js';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import { Button } from '../../components/ui/button.js';
import { Dialog } from '../../components/ui/dialog.js';
import { Field, Select, TextArea } from '../../components/ui/field.js';
import { momentText, wholeMomentText } from '../resources/moments.js';
import { ProblemNote } from '../session/problem-note.js';
import { useApiForm } from '../session/use-api-form.js';
import { useConfirmed } from '../settings/confirm-it-is-me.js';
import { SettingsLine } from '../settings/settings-line.js';
import { SettingsSection } from '../settings/settings-section.js';
import { PageHeader } from '../shell/page-header.js';
import { SupportSection } from './support-section.js';
import { type Tenant, tenantQuery } from './tenants-query.js';

/** One organization: plan, switches, suspension, and the support access that it grants. */
export function OrganizationScreen() {
  const { organizationId } = useParams({ from: '/app/platform/organizations/$organizationId' });
  const client = useQueryClient();
  const { data: tenant } = useSuspenseQuery(tenantQuery(organizationId));
  const confirmed = useConfirmed();
  const change = (send: () => Promise<Tenant>) =>
    confirmed.run(async () => {
      const changed = await send();
      client.setQueryData(tenantQuery(organizationId).queryKey, changed);
      await client.invalidateQueries({ queryKey: ['platform', 'tenants'] });
      toast('Saved');
    });
  const attempt = (send: () => Promise<Tenant>) => {
    change(send).catch((error: unknown) => toast.error(messageOf(error)));
  };
  const params = { path: { organizationId } };
  return (
    <>
      <PageHeader
        title={tenant.name}
        lead={
          <Button asChild look="ghost" size="icon">
            <Link to="/platform/organizations" aria-label="All organizations">
              <ArrowLeft aria-hidden />
            </Link>
          </Button>
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8 p-4 pb-16 md:py-10">
          <SettingsSection title="What it is">
            <SettingsLine title="Address" action={<span className="text-soft">{tenant.slug}</span>} />
            <SettingsLine title="Members" action={<span className="tabular-nums">{tenant.members}</span>} />
            <SettingsLine
              title="Since"
              action={<span className="text-soft">{momentText(tenant.createdAt)}</span>}
            />
            {tenant.eraseAt !== null && (
              <SettingsLine title={`Deleted by its owner; erased on ${wholeMomentText(tenant.eraseAt)}`} />
            )}
            <SettingsLine
              title="Plan"
              action={
                <Select
                  aria-label="Plan"
                  className="w-36 capitalize"
                  value={tenant.plan}
                  onChange={({ target }) => {
                    const plan = plans.find((one) => one === target.value);
                    if (!plan) return;
                    attempt(() =>
                      result(
                        api.PUT('/v1/platform/organizations/{organizationId}/plan', {
                          params,
                          body: { plan },
                        }),
                      ),
                    );
                  }}
                >
                  {plans.map((plan) => (
                    <option key={plan} value={plan}>
                      {plan}
                    </option>
                  ))}
                </Select>
              }
            />
          </SettingsSection>
          <FlagsSection tenant={tenant} onChange={attempt} />
          <SupportSection tenant={tenant} run={confirmed.run} />
          <SuspensionSection tenant={tenant} change={change} />
        </div>
      </div>
      {confirmed.dialog}
    </>
  );
}

const imposed = [
  { value: 'plan', label: 'As the plan has it', sent: null },
  { value: 'on', label: 'Has it', sent: true },
  { value: 'off', label: 'Has it not', sent: false },
] as const;

function FlagsSection({
  tenant: { id: organizationId, flags },
  onChange,
}: {
  tenant: Tenant;
  onChange(send: () => Promise<Tenant>): void;
}) {
  return (
    <SettingsSection title="Modules and features" text="What it has, it may still switch off itself.">
      {flags.map(({ name, isOn, imposed: said }) => (
        <SettingsLine
          key={name}
          title={name.replaceAll('_', ' ')}
          text={isOn ? 'on' : 'off'}
          action={
            <Select
              aria-label={name.replaceAll('_', ' ')}
              className="w-44"
              value={imposed.find(({ sent }) => sent === said)?.value}
              onChange={({ target }) => {
                const choice = imposed.find(({ value }) => value === target.value);
                if (!choice) return;
                const params = { path: { organizationId, name } };
                const body = { imposed: choice.sent };
                onChange(() =>
                  result(
                    api.PUT('/v1/platform/organizations/{organizationId}/flags/{name}', { params, body }),
                  ),
                );
              }}
            >
              {imposed.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          }
        />
      ))}
    </SettingsSection>
  );
}

function SuspensionSection({
  tenant: { id: organizationId, suspendedAt, suspensionReason },
  change,
}: {
  tenant: Tenant;
  change(send: () => Promise<Tenant>): Promise<void>;
}) {
  const [isOpen, setOpen] = useState(false);
  const params = { path: { organizationId } };
  const form = useApiForm({ defaultValues: { reason: '' } });
  const suspend = form.sendBy(async (body) => {
    setOpen(false);
    await change(() =>
      result(api.POST('/v1/platform/organizations/{organizationId}/suspend', { params, body })),
    ).catch((error: unknown) => toast.error(messageOf(error)));
    form.reset();
  });
  return (
    <SettingsSection
      title="Suspension"
      text="Nobody can act in it, and nothing starts; what comes in is kept."
    >
      {suspendedAt === null ? (
        <SettingsLine
          title="It is active"
          text="Owners are mailed the reason when it is suspended."
          action={
            <Button size="small" look="danger" onClick={() => setOpen(true)}>
              Suspend …
            </Button>
          }
        />
      ) : (
        <SettingsLine
          title={`Suspended ${momentText(suspendedAt)}`}
          text={suspensionReason}
          action={
            <Button
              size="small"
              look="primary"
              onClick={() => {
                change(() =>
                  result(api.POST('/v1/platform/organizations/{organizationId}/resume', { params })),
                ).catch((error: unknown) => toast.error(messageOf(error)));
              }}
            >
              Resume it
            </Button>
          }
        />
      )}
      <Dialog isOpen={isOpen} onOpenChange={setOpen} title="Suspend the organization">
        <form onSubmit={suspend} className="grid gap-4 p-5" noValidate>
          <ProblemNote error={form.problem} />
          <Field label="Reason" hint="Its people read it" error={form.errorOf('reason')}>
            {(control) => <TextArea {...control} {...form.register('reason')} autoFocus />}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Leave it active</Button>
            <Button type="submit" look="danger" disabled={form.watch('reason').trim() === ''}>
              Suspend
            </Button>
          </div>
        </form>
      </Dialog>
    </SettingsSection>
  );
}
