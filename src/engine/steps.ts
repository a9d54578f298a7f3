import { setImmediate } from 'node:timers/promises';

/**
 * Runs long work step by step, letting the process hear of a cancellation between two steps: a step blocks the thread
 * that would otherwise read the message.
 * @throws the signal's reason once it is aborted.
 */
export async function inSteps<Result>(steps: Generator<unknown, Result, void>, signal?: AbortSignal): Promise<Result> {
  for (;;) {
    await setImmediate();
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
  }
}
