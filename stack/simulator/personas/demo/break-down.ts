/** Tasks by which a goal is reached: one for each part that it names, between looking closely and checking. */
export function breakDown(goal: string): string[] {
  const plain = goal.trim().replace(/[.!?]+$/, '');
  const parts = plain
    .split(/,\s*(?:and\s+)?|;\s*|\s+and\s+then\s+|\s+then\s+|\s+and\s+(?=[a-z]+\s)/i)
    .map((part) => part.trim())
    .filter((part) => part.length > 3);
  const work =
    parts.length > 1
      ? parts.map(capital)
      : [`Plan the steps of “${plain}”`, `Do the first part of “${plain}”`];
  return [
    `Agree on what “${plain}” means and by when`,
    ...work.slice(0, 8),
    'Check the result with those whom it concerns',
    'Note what was learned',
  ];
}

/** The goal that a request is about. */
export function goalIn(asked: string): string {
  const [, goal] =
    /\bgoal\b[^:\n]*:\s*["“]?([^\n"”]+)/i.exec(asked) ??
    /\b(?:break (?:down|up)|plan|split)\b[^:\n]*:\s*["“]?([^\n"”]+)/i.exec(asked) ??
    /\b(?:break (?:down|up)|plan|split)\s+(?:the\s+goal\s+)?(?:of|to|for)?\s*["“]?([^\n"”]+)/i.exec(asked) ??
    [];
  return (goal ?? asked).replace(/\s+into\s+(?:\w+\s+)?(?:tasks|steps|parts)\b.*/i, '').trim();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
