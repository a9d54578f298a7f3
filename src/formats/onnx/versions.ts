import type { FindingList } from '../findings';
import type { ModelProto } from './schema/onnx-ml_pb';

/** The newest IR version, and the newest opset by domain, of the ONNX release whose schema we carry (onnx.helper.VERSION_TABLE). */
const RELEASE = '1.23';
const NEWEST_IR = 14;
const NEWEST_OPSETS: Readonly<Record<string, number>> = { '': 28, 'ai.onnx.ml': 5, 'ai.onnx.training': 1 };
/** IR versions 1 and 2 were drafts without operator sets. */
const OLDEST_IR = 3;

/** Findings about versions that are missing, too old or newer than ours, and about parts we pass over. */
export function checkVersions(proto: ModelProto, opsets: Readonly<Record<string, number>>, findings: FindingList): void {
  const ir = Number(proto.irVersion);
  if (ir === 0) findings.error('ir-version', 'The model does not say which IR version it is of.');
  else if (ir < OLDEST_IR)
    findings.warn('ir-version', `The model is of IR version ${ir}, from before ONNX 1.0; much of it may not be understood.`);
  else if (ir > NEWEST_IR) {
    findings.warn(
      'ir-version',
      `The model is of IR version ${ir}; ONNX ${RELEASE}, which is known here, has ${NEWEST_IR}. Newer parts are not shown.`,
    );
  }
  for (const [domain, newest] of Object.entries(NEWEST_OPSETS)) {
    const version = opsets[domain] ?? 0;
    if (version <= newest) continue;
    const name = domain === '' ? 'ai.onnx' : domain;
    findings.warn('opset-version', `The model uses opset ${version} of ${name}; ${newest} is the newest known here (ONNX ${RELEASE}).`);
  }
  if (proto.trainingInfo.length > 0) findings.warn('training-info', 'The model holds training information, which is not shown.');
}
