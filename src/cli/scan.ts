import type { ImportedName, ScanReport, TrustVerdict } from '../protocol';
import { isForPeople } from '../protocol';
import { foundFiles, type ScannedFile } from './foundFiles';
import { type Call, EXIT, parse } from './options';
import { complain, note, writeJson, writeLines } from './output';
import { modelSource, STANDARD_INPUT } from './standardInput';

/** What came of one file. */
interface Result extends ScanReport {
  readonly path: string;
}

/** Harmless names that a line of text does not repeat for each file. */
const LISTED: ReadonlySet<TrustVerdict> = new Set(['unsafe', 'unknown']);
const MOST_LISTED = 40;

/** `scan FILE|FOLDER...`: what loading them would do; 1 where one is unsafe or cannot be read. */
export async function scan(args: readonly string[], call: Call): Promise<number> {
  const { values, positionals } = parse(args, ['FILE', '...'], { json: { type: 'boolean' } });
  const results: Result[] = [];
  const failed: { readonly path: string; readonly error: string }[] = [];
  let others = 0;
  for (const path of positionals) {
    for await (const file of foundFiles(path)) {
      try {
        const report = await call.engine.scan({ file: await modelSource(file.path) }, call.context);
        if (isOfInterest(file, report)) results.push({ path: file.path, ...report });
        else others += 1;
      } catch (error) {
        if (!isForPeople(error) || !(error instanceof Error)) throw error;
        failed.push({ path: file.path, error: error.message });
        if (!values.json) complain(error.message);
      }
    }
  }
  const verdict = worst(results.map(({ trust }) => trust.verdict));
  if (values.json) await writeJson({ schema: 1, verdict, files: results.map(asJson), failed, others });
  else {
    await writeLines(results.flatMap(lines));
    if (others > 0) note(`${others === 1 ? '1 other file is' : `${others} other files are`} of no format that can hold a model.`);
  }
  return verdict === 'unsafe' || failed.length > 0 ? EXIT.wrong : EXIT.done;
}

/** In a folder lie files of all kinds; those that somebody names are answered whatever they are. */
function isOfInterest({ path, named }: ScannedFile, { kind, trust }: ScanReport): boolean {
  if (named || path === STANDARD_INPUT || trust.imports.length > 0 || trust.verdict === 'unsafe') return true;
  return kind !== '' && kind !== 'text';
}

function worst(verdicts: readonly TrustVerdict[]): TrustVerdict {
  return verdicts.includes('unsafe') ? 'unsafe' : verdicts.includes('unknown') ? 'unknown' : 'safe';
}

function asJson({ path, kind, trust }: Result) {
  return { path, kind, ...trust };
}

function lines({ path, kind, trust }: Result): readonly string[] {
  const { weightsOnly } = trust;
  const loads =
    weightsOnly === null || kind === 'pickle'
      ? ''
      : weightsOnly.loads
        ? ', loads under weights_only'
        : ', does not load under weights_only';
  const globals = weightsOnly?.safeGlobals ?? [];
  const listed = trust.imports.filter(({ verdict }) => LISTED.has(verdict));
  return [
    `${path}: ${trust.verdict}${kind === '' ? '' : ` (${kind}${loads})`}`,
    ...listed.slice(0, MOST_LISTED).map(importLine),
    ...(listed.length > MOST_LISTED ? [`  ... ${listed.length - MOST_LISTED} more; --json lists them.`] : []),
    ...trust.reasons.map((reason) => `  ${reason}`),
    ...(weightsOnly && !weightsOnly.loads && kind !== 'pickle' ? [`  weights_only: ${weightsOnly.reason}`] : []),
    ...(globals.length > 0 ? [`  would load after: torch.serialization.add_safe_globals([${globals.join(', ')}])`] : []),
  ];
}

function importLine({ name, verdict, where }: ImportedName): string {
  return `  ${verdict}: would import ${name} (${where})`;
}
