/**
 * The comparison's page in Chromium with the real engine behind it: 20 reference systems, and 200. Printed are the
 * first paint, when every row is named, when the first and the last row are filled, when the curves of the models
 * are complete, and the longest time the page did not answer. The median of three pages.
 */
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { FAMILIES } from '../src/architectures/registry';
import { CompareHost, variant } from '../test/webview/support/compareHost';
import { bundleView, launch, openHosted } from '../test/webview/support/viewPage';

const ROUNDS = 3;
const LIMIT_MS = 1000;
/** Milliseconds after which a page has failed. */
const PATIENCE = 120_000;

interface Times {
  readonly paint: number;
  readonly named: number;
  readonly first: number;
  readonly all: number;
  readonly curves: number;
  readonly longest: number;
}

/** Reference systems for images of 224. */
function models(count: number) {
  const names = FAMILIES.filter(({ knobs }) => knobs.some(({ name, ...knob }) => name === 'imageSize' && knob.default === 224)).flatMap(
    ({ variants }) => variants.filter(({ name }) => !/@(256|384|448|512)|CoAtNet-[5-7]/.test(name)).map(({ name }) => name),
  );
  // Evenly over the families; over again, under another name, where there are not enough.
  const step = Math.max(1, names.length / count);
  return Array.from({ length: count }, (_, index) => {
    const name = names[Math.floor(index * step) % names.length] ?? '';
    return { ...variant(name), name: index < names.length ? name : `${name}, again ${Math.floor(index / names.length)}` };
  });
}

/** Milliseconds of the page's own clock until there are `count` of these. */
async function until(page: Page, selector: string, count: number): Promise<number> {
  await page.waitForFunction(([one, number]) => document.querySelectorAll(one).length >= number, [selector, count] as const, {
    timeout: PATIENCE,
    polling: 20,
  });
  return page.evaluate(() => performance.now());
}

async function once(browser: Browser, script: string, count: number): Promise<Times> {
  const { page, close } = await openHosted('compare', new CompareHost(models(count)), { browser, script, width: 1400, height: 900 });
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
      buffered: true,
    });
  });
  const named = await until(page, 'tbody tr', count);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
  const first = await until(page, 'tbody tr:has(.figure)', 1);
  const all = await until(page, 'tbody tr:has(.figure)', count);
  await page.locator('compare-curves').evaluate((element) => element.scrollIntoView());
  const curves = await until(page, '.curve', Math.min(20, count));
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks));
  await close();
  return { paint, named, first, all, curves, longest };
}

function median(values: readonly number[]): string {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return `${middle.toFixed(0).padStart(6)} ms`;
}

async function report(browser: Browser, script: string, count: number): Promise<void> {
  const rounds: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await once(browser, script, count));
  const line = (what: string, of: (times: Times) => number, limit = '') =>
    console.log(`  ${what.padEnd(40)}${median(rounds.map(of))}${limit}`);
  console.log(`${count} reference systems`);
  line('first paint', ({ paint }) => paint, `  (limit ${LIMIT_MS} ms)`);
  line('every row named', ({ named }) => named);
  line('first row filled', ({ first }) => first);
  line('every row filled', ({ all }) => all);
  line('curves complete', ({ curves }) => curves);
  line('longest task of the page', ({ longest }) => longest);
}

async function main(): Promise<void> {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  if (!existsSync(path)) {
    console.log(`Left out: there is no Chromium at ${path} (set CHROMIUM_PATH).`);
    return;
  }
  const [browser, script] = await Promise.all([launch(), bundleView('compare')]);
  try {
    for (const count of [20, 200]) await report(browser, script, count);
  } finally {
    await browser.close();
  }
}

await main();
