/** Something in a text that should be looked at. */
export interface Finding {
  kind: 'secret' | 'personal' | 'injection';
  /** Which: `aws_access_key`, `email`, `ignore_instructions`. */
  name: string;
  /** Where: UTF-16 units, end excluded. */
  start: number;
  end: number;
}

/** One thing to look for. */
export interface FindingRule {
  kind: Finding['kind'];
  name: string;
  /** Global. Linear in the text's length: no nested repetition. */
  pattern: RegExp;
  /** Of what the pattern finds: whether it is one. */
  isOne?(match: string): boolean;
}

/** All that the rules find in a text, in its order; of two that overlap, the earlier one. */
export function findAll(text: string, rules: readonly FindingRule[]): Finding[] {
  const found: Finding[] = [];
  for (const { kind, name, pattern, isOne } of rules) {
    for (const match of text.matchAll(pattern)) {
      if (isOne && !isOne(match[0])) continue;
      found.push({ kind, name, start: match.index, end: match.index + match[0].length });
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  const apart: Finding[] = [];
  for (const finding of found) if (finding.start >= (apart.at(-1)?.end ?? 0)) apart.push(finding);
  return apart;
}
