export type { ImportedName, ScanReport, TrustReport, Verdict as TrustVerdict, WeightsOnlyReport } from '../model';
