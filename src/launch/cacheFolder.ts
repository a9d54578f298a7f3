import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names the folder for compiled code; empty keeps none. */
export const CACHE_VARIABLE = 'MODEL_LOUPE_CODE_CACHE';

/**
 * The folder in which compiled code is kept from one start to the next, made where it is not there yet; `null` where there
 * may be none. What lies there is run, so it must be this user's own: nothing is kept in folders that all users share.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const named = env[CACHE_VARIABLE];
  if (named === '') return null;
  try {
    const folder = named ?? join(userCache(env, platform), 'model-loupe');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    // Windows has no owners here: its folders for applications are the user's by their place.
    const mine = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return mine ? folder : null;
  } catch {
    return null;
  }
}

function userCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}
