import { createHash } from 'node:crypto';

/** Words that say little of what a text is about; they count a tenth. */
const commonWords = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my no ' +
    'not of on or our should so that the their them then there these they this to up us was we were what when where ' +
    'which who will with would you your'
  ).split(' '),
);
const weights = { word: 1, common: 0.1, pair: 0.5, trigram: 0.25 };

/**
 * A vector of unit length for a text, the same for the same text on any machine: its stemmed words, pairs of neighbours
 * and trigrams of letters, each hashed to a place and a sign. Texts that share words, or forms of a word, are near each
 * other; that two words mean the same it does not know.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const [feature, weight] of featuresOf(text)) {
    const hash = createHash('sha256').update(feature).digest();
    const place = hash.readUInt32LE(0) % dimensions;
    const sign = hash.readUInt8(4) % 2 === 0 ? 1 : -1;
    vector[place] = (vector[place] ?? 0) + sign * weight;
  }
  const length = Math.hypot(...vector);
  // A text without a feature still gets a unit vector, as every provider's does.
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}

/** Words as they are compared: small letters without accents and endings. */
export function stemsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
}

export function isCommonWord(word: string): boolean {
  return commonWords.has(word);
}

/** Features with their weight; what comes several times weighs more by the logarithm only. */
function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, { weight: number; count: number }>();
  const add = (feature: string, weight: number) => {
    const known = counts.get(feature) ?? { weight, count: 0 };
    counts.set(feature, { weight, count: known.count + 1 });
  };
  const words = stemsOf(text);
  for (const [index, word] of words.entries()) {
    add(`w:${word}`, isCommonWord(word) ? weights.common : weights.word);
    const next = words[index + 1];
    if (next !== undefined && !isCommonWord(word) && !isCommonWord(next))
      add(`p:${word} ${next}`, weights.pair);
    if (isCommonWord(word)) continue;
    const framed = `^${word}$`;
    for (let at = 0; at + 3 <= framed.length; at += 1) add(`t:${framed.slice(at, at + 3)}`, weights.trigram);
  }
  return new Map(
    [...counts].map(([feature, { weight, count }]) => [feature, weight * (1 + Math.log(count))]),
  );
}

/** Takes usual English endings off, so that `invoices`, `invoiced` and `invoice` are one. */
function stem(word: string): string {
  if (word.length <= 3) return word;
  const ending = [
    'ations',
    'ation',
    'ings',
    'ing',
    'edly',
    'ies',
    'ied',
    'ed',
    'ly',
    'es',
    's',
    'e',
    'y',
  ].find((one) => word.endsWith(one) && word.length - one.length >= 3);
  if (ending === undefined || word.endsWith('ss')) return word;
  const kept = word.slice(0, -ending.length);
  return kept.at(-1) === kept.at(-2) && kept.length > 3 ? kept.slice(0, -1) : kept;
}
