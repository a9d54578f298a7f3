import { type EngineApi, serve } from '../protocol';
import { channelToParent } from './channel';
import { createEngine } from './engine';

serve<EngineApi>(channelToParent(), createEngine());
// The parent is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
