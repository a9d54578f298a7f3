import { ViewStore } from '../store';
import { common } from '../strings';
import { editorStrings } from './strings';

/** How long a confirmation stays. */
const NOTICE_MS = 1500;

/** What every editor asks of its host. */
export interface EditorApi {
  copy(params: { readonly text: string }): Promise<void>;
  save(params: { readonly name: string; readonly bytes: Uint8Array }): Promise<void>;
}

/** What the editors of one file ask besides. */
export interface FileEditorApi extends EditorApi {
  openAs(params: { readonly editor: 'text' | 'hex' }): Promise<void>;
}

/** What a person chooses in every editor. */
export interface EditorState {
  readonly selected: string;
  readonly detailsShown: boolean;
  /** Pixels: width beside the view, height below it. */
  readonly detailsWidth: number;
  readonly detailsHeight: number;
}

/** The state behind an editor: one selection for all its tabs, and what the host does for every editor. */
export class EditorStore<Api extends EditorApi, State extends EditorState> extends ViewStore<Api, State> {
  hovered = '';
  #noticeTimer = 0;

  hover(key: string): void {
    if (key === this.hovered) return;
    this.hovered = key;
    this.changed();
  }

  /** The confirmation goes by itself. */
  override async act(action: (api: Api) => Promise<void>, done = ''): Promise<void> {
    await super.act(action, done);
    window.clearTimeout(this.#noticeTimer);
    this.#noticeTimer = window.setTimeout(() => {
      this.note = '';
      this.changed();
    }, NOTICE_MS);
  }

  /** Puts text on the clipboard and says so. */
  copy(text: string, what: string): void {
    void this.act((api) => api.copy({ text }), editorStrings.copied(what));
  }

  /** Asks where to save; the host confirms it itself. */
  save(name: string, bytes: Uint8Array): void {
    void this.act((api) => api.save({ name, bytes }));
  }
}

/** The state behind the editor of one file. */
export class FileEditorStore<Api extends FileEditorApi, State extends EditorState> extends EditorStore<Api, State> {
  /** Ways on for a file that cannot be read: again, or in another editor. */
  waysOn(again: () => void): readonly { readonly label: string; readonly onClick: () => void }[] {
    const openAs = (label: string, editor: 'text' | 'hex') => ({ label, onClick: () => void this.act((api) => api.openAs({ editor })) });
    return [{ label: common.retry, onClick: again }, openAs(common.openAsText, 'text'), openAs(common.openAsHex, 'hex')];
  }
}
