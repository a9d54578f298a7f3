import { join } from 'node:path';
import { cacheFolder } from './launch/cacheFolder';
import { runBundle } from './launch/codeCache';
import { beMorePatient } from './launch/compiler';

/** The bundle beside this file, without its ending, and the digest of its text; the build fills both in. */
declare const BUNDLE: string;
declare const BUILD: string;

/** How long (ms) a process that stays works before its code is kept: the first model is open by then. */
const SETTLED = 15_000;

beMorePatient();
// The command's name: `inspect` compiles other functions than `compare`.
const [, , command = ''] = process.argv;
const use = /^[a-z]{1,12}$/.test(command) ? `${BUNDLE}-${command}` : BUNDLE;
const folder = cacheFolder(process.env, process.platform);
const keep = runBundle({ path: join(__dirname, `${BUNDLE}.bundle.cjs`), build: BUILD, use }, folder, require);
process.on('exit', keep);
setTimeout(keep, SETTLED).unref();
