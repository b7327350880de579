import { embed, stemsOf } from '../../embed.js';
import { sentimentOf } from './sentiment.js';

const dimensions = 512;
const sentiments = ['positive', 'negative', 'neutral', 'mixed'];

/** The label that fits a text: by its mood when the labels are moods, else the one that shares most words with it. */
export function classify(
  text: string,
  labels: readonly string[],
  descriptions: Readonly<Record<string, string>> = {},
) {
  const mood = labels.filter((label) => sentiments.includes(label.toLowerCase()));
  if (mood.length >= 2) {
    const { sentiment } = sentimentOf(text);
    return (
      mood.find((label) => label.toLowerCase() === sentiment) ??
      mood.find((label) => /neutral|mixed/i.test(label)) ??
      labels[0]
    );
  }
  const vector = embed(text, dimensions);
  const words = stemsOf(text);
  const scored = labels.map((label) => {
    const meaning = `${label.replaceAll(/[_-]/g, ' ')} ${descriptions[label] ?? ''}`;
    const shared = stemsOf(meaning).filter((word) => words.includes(word)).length;
    const nearness = embed(meaning, dimensions).reduce(
      (sum, value, index) => sum + value * (vector[index] ?? 0),
      0,
    );
    return { label, score: shared + nearness };
  });
  return scored.sort((one, other) => other.score - one.score)[0]?.label;
}

/** The labels that a request names: "as one of: bug, question" or "Labels: bug, question". */
export function labelsIn(asked: string): string[] {
  const [, list = ''] =
    /\b(?:labels|categories|classes|one of(?: the following)?|options|into|as either)\b[^:\n]{0,40}:?\s*([^\n.]+)/i.exec(
      asked,
    ) ?? [];
  const labels = list
    .split(/,|;|\||\bor\b|\band\b/)
    .map((label) => label.trim().replaceAll(/^["'`]|["'`]$/g, ''));
  return labels.filter((label) => label !== '' && label.length < 60);
}
