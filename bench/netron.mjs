// Reads and lays out one model in Netron's own headless harness: `node bench/netron.mjs CHECKOUT FILE` prints the milliseconds of CPU
// of both. Its `serial` layout runs in this thread: the harness's worker gives up after some seconds.
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [checkout, file] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(join(resolve(checkout), name)).href);
const [{ Target }, mock, view, zip] = await Promise.all(['test/worker.js', 'test/mock.js', 'source/view.js', 'source/zip.js'].map(part));

await zip.Archive.import();
const target = new Target({ name: basename(file), targets: [resolve(file)], tags: [] });
target.host = await new mock.Host({ zoom: 'none', serial: true });
target.view = new view.View(target.host);
Object.assign(target.view.options, { attributes: true, initializers: true });

async function cpu(step) {
  const start = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1000);
}

const read = await cpu(() => target.load());
const drawn = await cpu(() => target.render());
if (target.host.errors.length > 0) throw target.host.errors[0];
console.log(`${read} ${drawn}`);
process.exit(0);
