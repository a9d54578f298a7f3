import { type ByteSource, FormatError, LIMITS, LimitError, UserError } from '../../bytes';
import { hasGraph, type ScanReport, type TrustReport, type Verdict } from '../../model';
import { type NotedCall, worse } from '../pickle';
import { trustReport } from '../pytorch/trust';
import { openArtifact } from '../registry';
import { HEAD_BYTES } from '../sniff';
import { Collected, type ScanPlace } from './collected';
import { compressionOf, isText } from './kinds';
import { scanPickles } from './pickles';
import { scanTar } from './tar';
import { scanZip } from './zipFile';

/**
 * Looks for code in a file of whatever format, and for files within it; nothing of it is run. A file that cannot be
 * read is `unknown`, and says why; a format that can hold no code is safe.
 */
export async function scan(source: ByteSource, place: Omit<ScanPlace, 'depth'>): Promise<ScanReport> {
  const found = new Collected();
  const kind = await scanInto(found, source, { ...place, depth: 0 });
  const verdict = (call: NotedCall): Verdict => found.nested.map((nested) => nested(call)).reduce(worse, 'safe');
  const trust = trustReport(found.parts, found.weightsOnly, found.reasons, verdict);
  const all: TrustReport =
    found.unsafe.length === 0 ? trust : { ...trust, verdict: 'unsafe', reasons: [...found.unsafe, ...trust.reasons] };
  return { name: place.name, kind, trust: all };
}

/** Looks into a file, or a file within one. */
async function scanInto(found: Collected, source: ByteSource, place: ScanPlace): Promise<string> {
  place.signal?.throwIfAborted();
  if (source.size === 0) {
    found.unsure(`${place.name} is empty.`);
    return '';
  }
  if (place.depth > LIMITS.nestedFiles) {
    found.unsure(`${place.name} lies in more than ${LIMITS.nestedFiles} files within files; it was not looked into.`);
    return '';
  }
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  try {
    return (
      (await scanZip(found, source, head, place, scanInto)) ??
      (await scanTar(found, source, head, place, scanInto)) ??
      (await scanPickles(found, source, head, place)) ??
      (await scanOther(found, source, head, place))
    );
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError || error instanceof UserError)) throw error;
    found.unsure(`${place.name} cannot be read: ${error.message}`);
    return '';
  }
}

/** Formats that hold no code, and what cannot be looked into. */
async function scanOther(found: Collected, source: ByteSource, head: Uint8Array, place: ScanPlace): Promise<string> {
  const compression = compressionOf(head);
  if (compression !== null) {
    found.unsure(`${place.name} is compressed (${compression}); what is in it was not seen.`);
    return compression;
  }
  // Files within files are looked at because they may be code; what is none is not of interest.
  if (place.depth > 0) return '';
  if (isText(head) && !/\.(?:json|index\.json)$/i.test(place.name)) {
    found.unsure(`${place.name} is a text file, not a model.`);
    return 'text';
  }
  const artifact = await openArtifact(source, { name: place.name, ...(place.signal ? { signal: place.signal } : {}) });
  if (!hasGraph(artifact) && artifact.trust) found.unsure(...artifact.trust.reasons);
  const config = hasGraph(artifact) ? '' : Object.values(artifact.metadata).find((text) => /"class_name":\s*"Lambda"/.test(text));
  if (config)
    found.harmful(`${place.name} has a Lambda layer of Keras, whose Python code is run when the model is loaded without safe_mode.`);
  return artifact.format;
}
