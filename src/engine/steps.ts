import { setImmediate } from 'node:timers/promises';

/**
 * Runs long work step by step, letting the process hear of a cancellation between two steps: a step blocks the thread
 * that would otherwise read the message. `finished` hears of each step.
 * @throws the signal's reason once it is aborted.
 */
export async function inSteps<Step, Result>(
  steps: Generator<Step, Result, void>,
  signal?: AbortSignal,
  finished: (step: Step) => void = () => {},
): Promise<Result> {
  for (;;) {
    await setImmediate();
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
    finished(step.value);
  }
}
