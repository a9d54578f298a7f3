// `npm start`: builds the extension and opens VS Code on samples/ with it running.
// In this order: `code` from PATH, VS Code downloaded by @vscode/test-electron, code-server from npm in the browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installExtension, startServer, workbenchUrl } from './vscodeServer.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const samples = join(root, 'samples');
const tools = join(root, '.tools');
const development = [`--extensionDevelopmentPath=${root}`, '--disable-workspace-trust', samples];

function build() {
  const result = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Opens desktop VS Code from PATH; false where there is no `code`. */
function openWithCode() {
  const shell = process.platform === 'win32'; // code.cmd runs only through a shell
  const quoted = shell ? development.map((argument) => `"${argument}"`) : development;
  const found = spawnSync('code', ['--version'], { shell, stdio: 'ignore' });
  if (found.error || found.status !== 0) return false;
  return spawnSync('code', ['--new-window', ...quoted], { shell, stdio: 'inherit' }).status === 0;
}

/** Downloads VS Code and waits until its window is closed; false where there is no screen or no download. */
async function openDownloaded() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  let executable;
  try {
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    executable = await downloadAndUnzipVSCode({ cachePath: join(root, '.vscode-test'), timeout: 30_000 });
  } catch (error) {
    console.log(`VS Code could not be downloaded (${error.message}).`);
    return false;
  }
  const profile = [
    '--user-data-dir',
    join(root, '.vscode-test', 'user-data'),
    '--extensions-dir',
    join(root, '.vscode-test', 'extensions'),
  ];
  const child = spawn(executable, ['--wait', ...profile, ...development], { stdio: 'inherit' });
  return await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** Serves the workbench until Ctrl+C. */
async function serve() {
  const extensionsDir = join(tools, 'start', 'extensions');
  const userDataDir = join(tools, 'start', 'user-data');
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  const settings = { 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off', 'security.workspace.trust.enabled': false };
  const file = join(userDataDir, 'User', 'settings.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(settings, null, 2)); // what the person set since then stays
  installExtension(extensionsDir);
  const server = await startServer({ extensionsDir, userDataDir });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => server.stop());
  console.log(`\nVS Code with Model Loupe runs at ${workbenchUrl(server, samples)}\nPress Ctrl+C to end it.`);
  await server.exited;
  await server.stop();
}

build();
if (openWithCode()) console.log('VS Code opened on samples/.');
else if (!(await openDownloaded())) await serve();
