import type { ChildProcess } from 'node:child_process';
import type { Channel } from '../protocol';

/** The parent's end of the engine's IPC channel (structured clones, `serialization: 'advanced'`). */
export function channelToChild(child: ChildProcess): Channel {
  return {
    send: (message) => {
      // A dead child is reported by its exit event; a failed send says nothing new.
      if (child.connected) child.send(message as object, () => {});
    },
    listen: (handler) => {
      child.on('message', handler);
      return () => child.off('message', handler);
    },
  };
}

/** The engine's end of it. */
export function channelToParent(): Channel {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message);
    },
    listen: (handler) => {
      process.on('message', handler);
      return () => process.off('message', handler);
    },
  };
}
