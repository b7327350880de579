import type { Page } from 'playwright-core';
import { z } from 'zod';
import { inPage } from './in-page.js';

export interface Interactions {
  /** The 98th percentile of all, which for fewer than fifty is the slowest: what is called INP. */
  inpMs: number;
  count: number;
  /** The slowest, as `pointerup 120`. */
  slowest: readonly string[];
}

const Timings = z.array(z.object({ id: z.number(), name: z.string(), ms: z.number() }));

const begin = `{
  const events = (window.benchEvents = []);
  new PerformanceObserver((list) => {
    for (const { interactionId: id, name, duration: ms } of list.getEntries()) {
      if (id) events.push({ id, name, ms });
    }
  }).observe({ type: 'event', durationThreshold: 16 });
}`;

/** Entries come after the frame that they tell of. */
const end = `new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(window.benchEvents), 100))))`;

/**
 * How long the page takes to show what clicks, taps and keys do, by the browser's Event Timing API
 * (https://web.dev/articles/inp). Counts from the call on.
 */
export async function interactionsDuring(page: Page, act: () => Promise<void>): Promise<Interactions> {
  await inPage(page, begin);
  await act();
  const byInteraction = new Map<number, { name: string; ms: number }>();
  for (const { id, name, ms } of Timings.parse(await inPage(page, end))) {
    if (ms >= (byInteraction.get(id)?.ms ?? 0)) byInteraction.set(id, { name, ms });
  }
  const sorted = [...byInteraction.values()].sort((a, b) => b.ms - a.ms);
  const inp = sorted[Math.floor(sorted.length / 50)];
  if (!inp) throw new Error('The browser has told of no interaction');
  return {
    inpMs: inp.ms,
    count: sorted.length,
    slowest: sorted.slice(0, 3).map(({ name, ms }) => `${name} ${ms}`),
  };
}
