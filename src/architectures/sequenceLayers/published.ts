import type { PublishedRecord } from '../family';
import records from './published.json';

export const PUBLISHED: readonly PublishedRecord[] = records;
