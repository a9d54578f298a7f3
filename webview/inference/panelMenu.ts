import type { Client, InferenceViewApi, RunResult } from '../../src/protocol';
import { newCanvas, pngOf } from '../common/png';
import type { Action } from './actionMenu';
import type { Subject } from './attention';
import { drawScene, type Scene } from './drawScene';
import { answerJson, answerText, exportName, heatCsv, queryName, resultJson, utf8 } from './exporting';
import type { Heat, Query } from './query';
import { strings } from './strings';

/** Shortest length of a saved picture's longer edge, in pixels. */
const SAVED_EDGE = 1024;

/** What can be exported, and by whom. */
export interface Exportable {
  readonly api: Client<InferenceViewApi>;
  readonly result: RunResult;
  readonly shown: { readonly subject: Subject; readonly query: Query; readonly heat: Heat | null } | null;
  /** Labels shown. */
  readonly labels: number;
  /** The picture at some resolution; `null` before there is one. */
  readonly scene: (ratio: number) => Scene | null;
  /** Waits for the host and shows its failure. */
  readonly wait: (done: Promise<void>) => void;
}

/** Everything shown, to take elsewhere. */
export function panelMenu({ api, result, shown, labels, scene, wait }: Exportable): readonly Action[] {
  const save = (name: string, bytes: Uint8Array) => wait(api.save({ name, bytes }));
  const copy = (text: string) => wait(api.copy({ text }));
  const parts = shown ? [shown.subject.layer.label, headName(shown.subject), queryName(shown.query)] : [];
  const heat = shown?.heat ?? null;
  const map: Action = {
    label: strings.saveMap,
    icon: 'table',
    onClick: () => heat && save(exportName(result, parts, 'csv'), utf8(heatCsv(heat))),
  };
  const answer: readonly Action[] = [
    { label: strings.copyAnswerText, icon: 'copy', onClick: () => copy(answerText(result, labels)) },
    { label: strings.copyAnswerJson, icon: 'json', onClick: () => copy(answerJson(result, labels)) },
  ];
  return [
    { label: strings.openModel, icon: 'go-to-file', onClick: () => wait(api.openModel({})) },
    { label: strings.savePicture, icon: 'file-media', onClick: () => wait(savePicture(api, exportName(result, parts, 'png'), scene)) },
    ...(heat ? [map] : []),
    ...(result.labels.length > 0 ? answer : []),
    { label: strings.saveResult, icon: 'save', onClick: () => save(exportName(result, ['result'], 'json'), utf8(resultJson(result))) },
  ];
}

/** Heads count from 1 in names as on the screen. */
function headName({ head }: Subject): string {
  return typeof head === 'number' ? `head-${head + 1}` : head;
}

async function savePicture(api: Client<InferenceViewApi>, name: string, scene: (ratio: number) => Scene | null): Promise<void> {
  const size = scene(1)?.size;
  const large = size && scene(Math.max(1, SAVED_EDGE / Math.max(size.width, size.height)));
  if (!large) return;
  const canvas = newCanvas(1, 1);
  drawScene(canvas, large);
  await api.save({ name, bytes: pngOf(canvas) });
}
