const replacement = '\ufffd';
const unstorable = /\0|\p{Surrogate}/gu;
/** An escape in JSON; what can't be stored is captured as a whole, of any other the first character. */
const jsonEscape = /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g;
const unstorableEscape = /\\u(0000|d[89a-f])/;

/** The text with each NUL character and each half of a surrogate pair, which PostgreSQL refuses, made U+FFFD. */
export function storableText(text: string): string {
  return text.replace(unstorable, replacement);
}

/** A value as JSON that jsonb takes: like `storableText`, in all strings and names of it. `null` for undefined. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  // JSON.stringify writes exactly these two as escapes, in lower case; whole pairs it writes as they are.
  if (!unstorableEscape.test(json)) return json;
  return json.replace(jsonEscape, (whole, code: string) => (code.length > 1 ? replacement : whole));
}
