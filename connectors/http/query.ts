type Scalar = string | number | boolean;

/** Names and values as a query or a form has them (application/x-www-form-urlencoded); a list repeats its name. */
export function queryOf(fields: Readonly<Record<string, Scalar | readonly Scalar[]>>): string {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) encoded.append(name, String(one));
  }
  return encoded.toString();
}

/** The url with a parameter set to one value. What else is in its query is left as it is written where possible. */
export function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url);
  if (changed.searchParams.has(name)) changed.searchParams.set(name, value);
  else changed.search += (changed.search === '' ? '?' : '&') + queryOf({ [name]: value });
  return changed;
}
