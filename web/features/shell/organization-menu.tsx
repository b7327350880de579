import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, LogOut, Settings } from 'lucide-react';
import { toast } from 'sonner';
import { messageOf } from '../../api/api-error.js';
import { api, result } from '../../api/client.js';
import type { Session } from '../../api/session.js';
import { Avatar } from '../../components/ui/avatar.js';
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from '../../components/ui/menu.js';
import { admit } from '../session/sign-in-answer.js';
import { signOut, signOutEverywhere } from './sign-out.js';
import { type Theme, useTheme } from './theme.js';

const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'Theme of the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Where one is, and the ways elsewhere: other organizations, settings, theme, out. */
export function OrganizationMenu({ session: { user, organization } }: { session: Session }) {
  const [theme, setTheme] = useTheme();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['organizations'],
    queryFn: () => result(api.GET('/v1/me/organizations')),
  });
  const change = useMutation({
    mutationFn: async (organizationId: string) => {
      const demand = admit(await result(api.POST('/v1/session/switch', { body: { organizationId } })));
      if (demand)
        await navigate({ to: '/log-in', hash: new URLSearchParams({ ...demand, methods: '' }).toString() });
    },
    // Everything that is on the page belongs to the other organization.
    onSuccess: () => location.assign('/'),
    onError: (error) => toast.error(messageOf(error)),
  });
  const organizations = data?.items ?? [];
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 font-semibold hover:bg-hover aria-expanded:bg-hover"
        >
          <Avatar isSquare id={organization.id} name={organization.name} />
          <span className="truncate">{organization.name}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuLabel>
        {user.name} · {user.email}
      </MenuLabel>
      {organizations.length > 1 && (
        <>
          <MenuLine />
          <MenuLabel>Organizations</MenuLabel>
          <MenuChoices value={organization.id} onValueChange={(id) => change.mutate(id)}>
            {organizations.map(({ id, name }) => (
              <MenuChoice key={id} value={id}>
                <Avatar isSquare id={id} name={name} />
                <span className="truncate">{name}</span>
              </MenuChoice>
            ))}
          </MenuChoices>
        </>
      )}
      <MenuLine />
      <MenuItem onSelect={() => navigate({ to: '/settings/profile' })}>
        <Settings aria-hidden />
        Settings
      </MenuItem>
      <MenuLine />
      <MenuChoices
        value={theme}
        onValueChange={(value) => setTheme(themes.find((one) => one.value === value)?.value ?? 'system')}
      >
        {themes.map(({ value, label }) => (
          <MenuChoice key={value} value={value}>
            {label}
          </MenuChoice>
        ))}
      </MenuChoices>
      <MenuLine />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
      <MenuItem onSelect={() => void signOutEverywhere()}>
        <LogOut aria-hidden />
        Sign out everywhere
      </MenuItem>
    </Menu>
  );
}
