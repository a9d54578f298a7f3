/// <reference types="vscode-webview" />
import type { Channel, HostEvent } from '../../src/protocol';

type Host = ReturnType<typeof acquireVsCodeApi<Record<string, unknown>>>;
let acquired: Host | null = null;

/** VS Code hands its API out once per page. */
function host(): Host {
  acquired ??= acquireVsCodeApi<Record<string, unknown>>();
  return acquired;
}

/** Carries rpc messages between this page and the extension host: `createClient<Api>(hostChannel)`. */
export const hostChannel: Channel = {
  send: (message) => host().postMessage(message),
  listen: (handler) => {
    const receive = (event: MessageEvent<unknown>) => handler(event.data);
    window.addEventListener('message', receive);
    return () => window.removeEventListener('message', receive);
  },
};

/** Calls `handler` for every `{event: HostEvent}` message; returns a function that stops. */
export function onHostEvent(handler: (event: HostEvent) => void): () => void {
  return hostChannel.listen((message) => {
    if (typeof message === 'object' && message !== null && 'event' in message) handler(message.event as HostEvent);
  });
}

/** What the view kept under `key` when it was last hidden; the caller checks its shape. */
export function savedState(key: string): unknown {
  return host().getState()?.[key];
}

/** Keeps a structured-clone safe value until the editor tab is closed. */
export function saveState(key: string, value: unknown): void {
  host().setState({ ...host().getState(), [key]: value });
}
