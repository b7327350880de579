import { useNavigate, useSearch } from '@tanstack/react-router';

/** What stands behind the ? of an address, each field once. */
export type UrlFields = Readonly<Record<string, string | undefined>>;

/** State of a screen that can be linked to. A field that is set to undefined or nothing leaves the address. */
export function useUrlFields(): [UrlFields, (changes: UrlFields) => void] {
  const fields: UrlFields = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (changes: UrlFields) => {
    const merged = Object.entries({ ...fields, ...changes }).filter(([, value]) => value);
    void navigate({ to: '.', search: Object.fromEntries(merged), replace: true });
  };
  return [fields, change];
}
