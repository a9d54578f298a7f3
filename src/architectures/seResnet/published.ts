import type { PublishedRecord } from '../family';
import records from './published.json';

/** Figures of SE-ResNet as printed, each with the table or code it was read from; nothing here is computed. */
export const PUBLISHED: readonly PublishedRecord[] = records;
