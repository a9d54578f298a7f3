// Prints how long it takes in a real VS Code (code-server) from the double click on a file in the Explorer to its picture: a sample,
// and 52,216 nodes (1,000 encoder blocks with PyTorch's shape arithmetic). The window is warm, the file is opened for the first time.
// Node 20 and Chromium; run after `npm run build`: npm run bench:picture -- [BLOCKS] [RUNS]
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { command, inWorkbench } from './workbench.mjs';

const [blocks = '1000', runs = '3'] = process.argv.slice(2);
const NAMES = { small: 'hybrid.onnx', large: 'encoder.onnx' };
const LARGEST = 4 * 2 ** 20;

const bundled = await build({ entryPoints: ['test/fixtures/encoder.ts'], bundle: true, platform: 'node', format: 'esm', write: false });
const { encoder } = await import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString('base64')}`);
const large = encoder(Number(blocks));

const clock = () => performance.timeOrigin + performance.now();

/** Runs in the editor's page: when what is in sight after a frame, by the machine's one clock, and how much was sent to it. */
function watch() {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { page: now() };
  let bytes = 0;
  let largest = 0;
  window.addEventListener('message', ({ data }) => {
    if (typeof data !== 'object' || data === null || !('rpc' in data)) return;
    const size = JSON.stringify(data, (_key, value) => (ArrayBuffer.isView(value) ? value.byteLength : value)).length;
    bytes += size;
    largest = Math.max(largest, size);
  });
  const drawn = (canvas) => {
    if (!canvas?.width || !canvas.height) return false;
    const { data } = canvas.getContext('2d').getImageData(Math.floor(canvas.width / 2), 0, 1, canvas.height);
    return data.some((value) => value !== 0);
  };
  const steps = {
    header: () => document.querySelector('model-header .figures') !== null,
    picture: () => drawn(document.querySelector('.graph-canvas')),
    everything: () => document.querySelector('model-view').store.complete !== null,
  };
  return new Promise((resolve) => {
    const look = () => {
      for (const [step, isSo] of Object.entries(steps)) {
        if (step in seen) continue;
        if (!isSo()) break;
        seen[step] = now();
        if (step === 'picture') seen.before = bytes;
      }
      if ('everything' in seen) resolve({ ...seen, bytes, largest });
      else requestAnimationFrame(look);
    };
    look();
  });
}

async function measure({ page, open }, name) {
  await open();
  const row = page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });
  await row.waitFor();
  await page.waitForTimeout(5000); // VS Code's own start would be in the figure
  await command(page, 'Model Loupe: Restart Engine'); // the extension is active, as after any file before
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await row.hover();
  const click = clock();
  await row.dblclick();
  const seen = await (await editor(page)).evaluate(watch);
  const after = (time) => Math.round(time - click);
  return { ...seen, page: after(seen.page), header: after(seen.header), picture: after(seen.picture), everything: after(seen.everything) };
}

/** The frame of the editor's page, as soon as it has our element. */
async function editor(page) {
  for (let tries = 0; tries < 2000; tries++) {
    for (const frame of page.frames()) {
      const found = await frame.evaluate(() => document.querySelector('model-view') !== null).catch(() => false); // the frame is gone
      if (found) return frame;
    }
    await page.waitForTimeout(10);
  }
  await page.screenshot({ path: 'out/click-to-picture.png' });
  throw new Error('No editor opened (out/click-to-picture.png).');
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MB`;

for (const [kind, name] of Object.entries(NAMES)) {
  const pictures = [];
  for (let run = 1; run <= Number(runs); run++) {
    const fill = (folder) =>
      kind === 'large' ? writeFileSync(join(folder, name), large) : cpSync(join('samples', name), join(folder, name));
    const times = await inWorkbench({ fill }, (workbench) => measure(workbench, name));
    pictures.push(times.picture);
    console.log(
      `${name} ${run}/${runs}: page ${times.page} ms, header ${times.header} ms, picture ${times.picture} ms, everything ${times.everything} ms; ` +
        `${megabytes(times.before)} before the picture, ${megabytes(times.bytes)} in all, largest message ${megabytes(times.largest)}` +
        `${times.largest > LARGEST ? ` (more than ${megabytes(LARGEST)}!)` : ''}`,
    );
  }
  const median = pictures.sort((a, b) => a - b)[Math.floor(pictures.length / 2)];
  console.log(`${name}: median ${median} ms from click to picture${kind === 'large' ? ' (goal: below 2500 ms)' : ''}`);
}
