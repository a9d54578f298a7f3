// Builds dist/: the extension host's entry, the engine process, the command line, and one bundle per webview.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/webview', { recursive: true });

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'info',
};
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Native modules keep their own files and are loaded by the engine when first needed.
  external: ['vscode', 'onnxruntime-node', 'sharp'],
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
};
const configs = [
  { ...node, entryPoints: { extension: 'src/extension.ts', engine: 'src/engine/main.ts' } },
  {
    ...node,
    entryPoints: { cli: 'src/cli.ts' },
    banner: { js: '#!/usr/bin/env node' },
    define: { VERSION: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
  },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    entryPoints: {
      model: 'webview/model/main.ts',
      inference: 'webview/inference/main.ts',
      compare: 'webview/compare/main.ts',
      family: 'webview/family/main.ts',
    },
    outdir: 'dist/webview',
    loader: { '.css': 'text' },
    // Lit's decorators on plain fields need this configuration's experimentalDecorators and field semantics.
    tsconfig: 'tsconfig.webview.json',
  },
];

cpSync('node_modules/@vscode/codicons/dist/codicon.css', 'dist/webview/codicon.css');
cpSync('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webview/codicon.ttf');

if (watch) for (const config of configs) await (await context(config)).watch();
else await Promise.all(configs.map((config) => build(config)));
