import type { Page } from 'playwright-core';
import { z } from 'zod';
import { inPage } from './in-page.js';

export interface FrameRate {
  perSecond: number;
  /** Longest time between two frames, in milliseconds. */
  longestMs: number;
}

const begin = `{
  const moments = (window.benchFrames = []);
  const tick = (now) => {
    moments.push(now);
    if (window.benchFrames === moments) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}`;
const end = `{ const taken = window.benchFrames; window.benchFrames = undefined; taken }`;

/** How many frames the page makes while something is done to it by real input. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<FrameRate> {
  await inPage(page, begin);
  await act();
  const moments = z.array(z.number()).parse(await inPage(page, end));
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment));
  const totalMs = gaps.reduce((sum, gap) => sum + gap, 0);
  return { perSecond: (gaps.length / totalMs) * 1_000, longestMs: Math.max(...gaps) };
}
