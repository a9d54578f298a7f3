import type * as vscode from 'vscode';
import type { EngineHost } from './engineHost';
import type { ModelEditorProvider } from './modelEditor';
import type { LocalCopies } from './modelFiles';

/** What the pages of comparisons and of reference systems are made with. */
export interface CompareParts {
  readonly context: vscode.ExtensionContext;
  readonly host: EngineHost;
  readonly copies: LocalCopies;
  readonly editors: Pick<ModelEditorProvider, 'reveal'>;
}
