import { stemsOf } from '../../embed.js';

const good = stems(
  'good great excellent amazing awesome love loved lovely happy glad pleased perfect wonderful fantastic helpful fast thanks ' +
    'thank nice best brilliant satisfied smooth friendly recommend impressed delighted easy enjoy works fixed beautiful',
);
const bad = stems(
  'bad terrible awful hate hated horrible slow broken angry sad disappointed disappointing worst poor useless bug bugs ' +
    'crash crashes crashed fail fails failed failure error annoying frustrated frustrating unhappy problem late refund ' +
    'wrong rude difficult confusing complaint complain never unacceptable cancel',
);
const turning = stems("not no never don't didn't isn't wasn't hardly without");

export type Sentiment = 'positive' | 'negative' | 'neutral';

/** Counts words of two short lists; one of them after "not" counts for the other side. */
export function sentimentOf(text: string): { sentiment: Sentiment; score: number } {
  const words = stemsOf(text.replaceAll(/n['’]t\b/g, ' not'));
  let score = 0;
  for (const [index, word] of words.entries()) {
    const value = good.has(word) ? 1 : bad.has(word) ? -1 : 0;
    const isTurned = words.slice(Math.max(0, index - 2), index).some((one) => turning.has(one));
    score += isTurned ? -value : value;
  }
  return { sentiment: score > 0 ? 'positive' : score < 0 ? 'negative' : 'neutral', score };
}

function stems(words: string): Set<string> {
  return new Set(stemsOf(words));
}
