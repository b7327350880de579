import { isCommonWord, stemsOf } from '../../embed.js';
import { sentencesOf } from './given-text.js';

const usualSentences = 3;
const longestSentence = 400;

/** The sentences that say most, in their order: those whose words the text has most often; the first counts more. */
export function summarize(text: string, count = usualSentences): string {
  const sentences = sentencesOf(text);
  const frequencies = new Map<string, number>();
  for (const word of wordsOf(text)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  const scored = sentences.map((sentence, index) => {
    const words = [...new Set(wordsOf(sentence))];
    const weight = words.reduce((sum, word) => sum + (frequencies.get(word) ?? 0), 0);
    return { sentence, index, score: (weight / Math.sqrt(words.length + 4)) * (index === 0 ? 1.5 : 1) };
  });
  const best = scored.sort((one, other) => other.score - one.score).slice(0, count);
  return best
    .sort((one, other) => one.index - other.index)
    .map(({ sentence }) => sentence.slice(0, longestSentence))
    .join(' ');
}

/** How many sentences are asked for: "in two sentences". */
export function wantedSentences(asked: string): number {
  const numbers = ['one', 'two', 'three', 'four', 'five'];
  const [, told = ''] =
    /\b(one|two|three|four|five|\d)\s+(?:short\s+)?(?:sentences?|points?|bullets?)\b/i.exec(asked) ?? [];
  const known = numbers.indexOf(told.toLowerCase()) + 1;
  return known || Number(told) || usualSentences;
}

function wordsOf(text: string): string[] {
  return stemsOf(text).filter((word) => !isCommonWord(word));
}
