import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ImageUp } from 'lucide-react';
import { useId } from 'react';
import { toast } from 'sonner';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { readLogo, sendLogo } from '../../../api/organization-logo.js';
import { Button } from '../../../components/ui/button.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsSection } from '../settings-section.js';
import { organizationQuery } from './settings-query.js';

const logoQuery = queryOptions({
  queryKey: ['organization', 'logo'],
  queryFn: async () => (await readLogo()) ?? null,
});

/** The image of the organization. */
export function LogoSection({ hasLogo, isReadOnly }: { hasLogo: boolean; isReadOnly: boolean }) {
  const id = useId();
  const client = useQueryClient();
  const { data: image } = useQuery({ ...logoQuery, enabled: hasLogo });
  const readAnew = async () => {
    await client.invalidateQueries({ queryKey: organizationQuery.queryKey });
  };
  const fail = (error: unknown) => void toast.error(messageOf(error));
  const set = useMutation({ mutationFn: sendLogo, onError: fail, onSettled: readAnew });
  const remove = useMutation({
    mutationFn: () => result(api.DELETE('/v1/organization/logo')),
    onError: fail,
    onSettled: readAnew,
  });
  return (
    <SettingsSection title="Logo" text="PNG, JPEG, GIF or WebP, up to 1 MiB.">
      <SettingsLine
        title={
          <span className="flex size-14 items-center justify-center overflow-hidden rounded-lg border border-line bg-side">
            {hasLogo && image ? (
              <img src={image} alt="Logo of the organization" className="size-full object-contain" />
            ) : (
              <ImageUp aria-label="No logo yet" className="size-5 text-faint" />
            )}
          </span>
        }
        action={
          !isReadOnly && (
            <>
              <input
                id={id}
                type="file"
                accept="image/png,image/jpeg,image/gif,image/webp"
                className="peer sr-only"
                onChange={({ target }) => {
                  const [file] = target.files ?? [];
                  target.value = '';
                  if (file) set.mutate(file);
                }}
              />
              <Button
                asChild
                size="small"
                className="peer-focus-visible:outline-2 peer-focus-visible:outline-accent"
              >
                <label htmlFor={id}>{hasLogo ? 'Replace the logo' : 'Choose an image'}</label>
              </Button>
              {hasLogo && (
                <Button
                  size="small"
                  look="danger"
                  onClick={() => remove.mutate()}
                  disabled={remove.isPending}
                >
                  Remove
                </Button>
              )}
            </>
          )
        }
      />
    </SettingsSection>
  );
}
