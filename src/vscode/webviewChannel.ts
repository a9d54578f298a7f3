import type * as vscode from 'vscode';
import type { Channel, HostEvent } from '../protocol';

/** A webview's messages as an rpc channel. */
export function webviewChannel(webview: vscode.Webview): Channel {
  return {
    send: (message) => void webview.postMessage(message),
    listen: (handler) => {
      const subscription = webview.onDidReceiveMessage(handler);
      return () => subscription.dispose();
    },
  };
}

/** Sends an event to a page; one that does not listen yet never hears it. */
export function tell(webview: vscode.Webview, event: HostEvent): void {
  void webview.postMessage({ event });
}
