/** Letters of a text, and of the words at its beginning and its end that say what is wished; expressions over more take too long. */
const longestText = 60_000;
const longestWish = 1_000;

/** The part of a request in which it says what is wished: its beginning and its end. */
export function wishOf(asked: string): string {
  if (asked.length <= 2 * longestWish) return asked;
  return `${asked.slice(0, longestWish)}\n${asked.slice(-longestWish)}`;
}

/** The text that a request is about, apart from what is asked: fenced, in tags, after a label, or after the first line. */
export function givenText(whole: string): string {
  const asked = whole.slice(0, longestText);
  const fenced =
    /```\w*\n?([\s\S]+?)```/.exec(asked) ??
    /<(text|document|data|input|content|untrusted|mail|email|message|page)\b[^>]*>([\s\S]+?)<\/\1[^>]*>/i.exec(
      asked,
    );
  if (fenced) return (fenced[2] ?? fenced[1] ?? '').trim();
  const labelled = /(?:^|\n)\s*(?:text|input|document|content|message|mail|email|data)\s*:\s*([\s\S]+)/i.exec(
    asked,
  );
  if (labelled?.[1] !== undefined) return labelled[1].trim();
  const afterBreak = /^[^\n]{1,400}?\n\s*\n?([\s\S]+)/.exec(asked.trim());
  if (afterBreak?.[1] !== undefined) return afterBreak[1].trim();
  const afterColon = /^[^:\n]{1,120}:\s+([\s\S]+)/.exec(asked.trim());
  return (afterColon?.[1] ?? asked).trim();
}

/** The sentences of a text; lines of a list are sentences too. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?])\s+(?=["“(]?\p{Lu}|\d)/u)
    .map((sentence) => sentence.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter((sentence) => /\p{L}/u.test(sentence));
}
