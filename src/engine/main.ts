import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { type EngineApi, serve } from '../protocol';
import { channelToParent } from './channel';
import { createEngine } from './engine';
import { removeNow } from './removeNow';

serve<EngineApi>(channelToParent(), createEngine());
// The parent is gone: nobody is left to answer, or to remove the folder that it made for this process's temporary files.
process.on('disconnect', () => {
  if (basename(tmpdir()).startsWith('model-loupe-engine-')) removeNow(tmpdir());
  process.exit(0);
});
