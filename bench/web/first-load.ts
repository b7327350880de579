import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { summarize } from '../statistics.js';
import { inPage } from './in-page.js';

export interface FirstLoad {
  /** Packed by gzip, before the page can be used. */
  scriptKilobytes: number;
  /** Median of several, each without anything kept but the session. */
  lcpMs: number;
}

const times = 5;

/** Loads a page of who is signed in there as for the first time; `throttle` makes the processor so many times slower. */
export async function measureFirstLoad(
  context: BrowserContext,
  { path, throttle, ready }: { path: string; throttle: number; ready(page: Page): Promise<unknown> },
): Promise<FirstLoad> {
  const paints: number[] = [];
  let scripts: string[] = [];
  for (let round = 0; round < times; round += 1) {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.clearBrowserCache');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    if (throttle > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.goto(path);
    await ready(page);
    scripts = z.array(z.url()).parse(await inPage(page, loadedScripts));
    paints.push(await largestPaint(page));
    await page.close();
  }
  const sizes = await Promise.all(scripts.map(packedSize));
  return {
    scriptKilobytes: sizes.reduce((sum, size) => sum + size, 0) / 1_024,
    lcpMs: summarize(paints).p50,
  };
}

/** When the largest part of the page was painted, in milliseconds since it was asked for. */
async function largestPaint(page: Page): Promise<number> {
  return z.number().parse(await inPage(page, lastPaint));
}

const loadedScripts = `performance.getEntriesByType('resource')
  .map(({ name }) => name)
  .filter((name) => new URL(name).pathname.endsWith('.js'))`;

/** Bytes by gzip, whatever the browser itself has asked for. */
async function packedSize(url: string): Promise<number> {
  const { headers } = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
  return Number(headers.get('content-length'));
}

/** Whatever is being painted is told of after its frame. */
const lastPaint = `new Promise((resolve) => {
  let last = 0;
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) last = Math.max(last, startTime);
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  setTimeout(() => resolve(last), 500);
})`;
