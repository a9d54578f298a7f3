// `npm start`: builds the extension and opens VS Code on samples/ with it running, a line a step.
// In this order: an editor from PATH, VS Code downloaded by @vscode/test-electron, code-server from npm in the browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installExtension, startServer, workbenchUrl } from './vscodeServer.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const samples = join(root, 'samples');
const tools = join(root, '.tools');
const development = [`--extensionDevelopmentPath=${root}`, '--disable-workspace-trust', samples];

/** VS Code and editors that are made of it, by their command. */
const EDITORS = ['code', 'code-insiders', 'codium', 'cursor'];

function build() {
  console.log('Building the extension.');
  const result = spawnSync(process.execPath, ['esbuild.mjs', '--quiet'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Opens the first editor that PATH has; the command, or '' where there is none. */
function openFromPath() {
  const shell = process.platform === 'win32'; // code.cmd runs only through a shell
  const quoted = shell ? development.map((argument) => `"${argument}"`) : development;
  for (const command of EDITORS) {
    const found = spawnSync(command, ['--version'], { shell, stdio: 'ignore' });
    if (found.error || found.status !== 0) continue;
    console.log(`Opening ${command}.`);
    if (spawnSync(command, ['--new-window', ...quoted], { shell, stdio: 'inherit' }).status === 0) return command;
  }
  return '';
}

/** Downloads VS Code and waits until its window is closed; false where there is no screen or no download. */
async function openDownloaded() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  console.log('Downloading VS Code.');
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
  const settings = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden', // where VS Code's chat opens
    'telemetry.telemetryLevel': 'off',
    'security.workspace.trust.enabled': false,
  };
  const file = join(userDataDir, 'User', 'settings.json');
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(settings, null, 2)); // what the person set since then stays
  console.log('Starting VS Code for the browser.');
  installExtension(extensionsDir);
  const server = await startServer({ extensionsDir, userDataDir });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => server.stop());
  console.log(`VS Code with Model Loupe runs until Ctrl+C at\n${workbenchUrl(server, samples)}`);
  await server.exited;
  await server.stop();
}

build();
const editor = openFromPath();
if (editor) console.log(`${editor} opened on samples/.`);
else if (!(await openDownloaded())) await serve();
