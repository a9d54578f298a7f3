import { setFlagsFromString } from 'node:v8';

/**
 * What makes V8 wait longer before it optimises a function, by V8's version. Counting a model runs most of its code a few
 * thousand times: unless told, optimising that takes V8 more time than all of the counting, and helps only models of
 * 50,000 operators, which it helps as well when it comes later. `null` for versions nobody has measured: V8 complains
 * about flags that it does not know.
 */
export function patienceOf(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // Node 20 counts bytes of bytecode run.
  if (major === 11) return '--interrupt-budget=1000000';
  // Node 22 to 25, and VS Code's Electron.
  if ((major === 12 && minor >= 4) || major === 13 || major === 14) {
    return '--invocation-count-for-maglev=2000 --invocation-count-for-turbofan=20000';
  }
  return null;
}

/** Lets V8 wait before it optimises. Has to come before any code that is to be kept: V8 takes none of other flags. */
export function beMorePatient(): void {
  const flags = patienceOf(process.versions.v8);
  if (flags !== null) for (const flag of flags.split(' ')) setFlagsFromString(flag);
}
