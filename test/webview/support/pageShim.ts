// Runs in the page before the view's script: VS Code's API as a webview sees it. What the view keeps lies in sessionStorage too,
// where a test can read it.
import { pack, unpack } from './wire';

interface Shimmed {
  /** Put there by viewPage.ts. */
  readonly sendToHost: (packed: string) => void;
  readonly stateOfEarlierLife: unknown;
}

const { sendToHost, stateOfEarlierLife } = globalThis as unknown as Shimmed;
let state = stateOfEarlierLife;

Object.assign(globalThis, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => sendToHost(pack(message)),
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  }),
  receiveFromHost: (packed: string) => window.postMessage(unpack(packed), '*'),
});
