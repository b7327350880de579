import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { isPermitted } from '#core/permission.js';
import { api, result } from '../../../api/client.js';
import { SearchInput } from '../../../components/search-input.js';
import { Button } from '../../../components/ui/button.js';
import { Field, Input } from '../../../components/ui/field.js';
import { resourceKey } from '../../resources/resource.js';
import { ProblemNote } from '../../session/problem-note.js';
import { useApiForm } from '../../session/use-api-form.js';
import { useRights } from '../../session/use-rights.js';
import { PageHeader } from '../../shell/page-header.js';
import { PermissionGroups } from './permission-groups.js';
import { permissionsQuery } from './permissions-query.js';

const unmade = { id: '', version: 0, key: '', name: '', description: '', permissions: [], isDefault: false };

/** One role: what it is called, and what its people may do. `new` stands for one that is to be made. */
export function RoleScreen() {
  const { roleId } = useParams({ from: '/app/settings/roles/$roleId' });
  const isNew = roleId === 'new';
  const { data: role } = useSuspenseQuery({
    queryKey: resourceKey.row('roles', roleId),
    queryFn: async (): Promise<EditedRole> =>
      isNew ? unmade : result(api.GET('/v1/roles/{id}', { params: { path: { id: roleId } } })),
    meta: { topics: ['role'] },
  });
  return <RoleEditor key={`${role.id} ${role.version}`} role={role} />;
}

interface EditedRole {
  id: string;
  version: number;
  key: string;
  name: string;
  description: string;
  permissions: readonly string[];
  isDefault: boolean;
}

function RoleEditor({ role }: { role: EditedRole }) {
  const isNew = role.id === '';
  const client = useQueryClient();
  const navigate = useNavigate();
  const { may } = useRights();
  const { data: catalogue } = useSuspenseQuery(permissionsQuery);
  const [wanted, setWanted] = useState('');
  const all = useMemo(
    () => catalogue.items.flatMap(({ permissions }) => permissions.map(({ permission }) => permission)),
    [catalogue],
  );
  const before = useMemo(
    () => all.filter((permission) => isPermitted(role.permissions, permission as `${string}:${string}`)),
    [all, role.permissions],
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(before));
  const isReadOnly = role.isDefault || !may(isNew ? 'roles:create' : 'roles:update');
  const form = useApiForm({ defaultValues: { name: role.name, description: role.description } });
  const submit = form.sendBy(async (values) => {
    const permissions = all.filter((permission) => chosen.has(permission));
    const isSame = permissions.join() === before.join();
    if (isNew) {
      const body = { ...values, key: keyOf(values.name), permissions };
      const made = await result(api.POST('/v1/roles', { body }));
      toast('The role was made');
      await navigate({ to: '/settings/roles/$roleId', params: { roleId: made.id }, replace: true });
    } else {
      const { id, version } = role;
      const body = { ...values, version, ...(!isSame && { permissions }) };
      await result(api.PATCH('/v1/roles/{id}', { params: { path: { id } }, body }));
      toast('Saved');
    }
    await client.invalidateQueries({ queryKey: resourceKey.all('roles') });
  });
  const saveButton = !isReadOnly && (
    <Button type="submit" form="role" size="small" look="primary" disabled={form.formState.isSubmitting}>
      {isNew ? 'Create role' : 'Save'}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={isNew ? 'New role' : role.name}
        lead={
          <Button asChild look="ghost" size="icon">
            <Link to="/settings/$section" params={{ section: 'roles' }} aria-label="All roles">
              <ArrowLeft aria-hidden />
            </Link>
          </Button>
        }
        actions={saveButton}
      >
        <SearchInput label="Search permissions" text={wanted} onSearch={setWanted} />
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-6 p-4 pb-16 md:py-8">
          {role.isDefault && (
            <p className="rounded-lg border border-line bg-side p-3 text-soft">
              This role comes with the product and stays as it is. Make a role of your own to choose what its
              people may do.
            </p>
          )}
          <form id="role" onSubmit={submit} className="grid gap-4 sm:grid-cols-2" noValidate>
            <div className="empty:hidden sm:col-span-2">
              <ProblemNote error={form.problem} />
            </div>
            <Field label="Name" error={form.errorOf('name')}>
              {(control) => (
                <Input {...control} {...form.register('name')} disabled={isReadOnly} autoComplete="off" />
              )}
            </Field>
            <Field label="Description" error={form.errorOf('description')}>
              {(control) => (
                <Input
                  {...control}
                  {...form.register('description')}
                  disabled={isReadOnly}
                  autoComplete="off"
                />
              )}
            </Field>
          </form>
          <PermissionGroups
            groups={catalogue.items}
            wanted={wanted}
            chosen={chosen}
            isReadOnly={isReadOnly}
            onChoose={setChosen}
          />
          {may('permissions:explain') && (
            <p className="text-soft">
              Wondering why somebody may or may not do something?{' '}
              <Link to="/settings/permissions" className="font-medium text-accent hover:underline">
                Ask gate by gate
              </Link>
              .
            </p>
          )}
        </div>
      </div>
    </>
  );
}

/** `Night shift` becomes `night_shift`. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
}
