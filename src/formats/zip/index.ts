export { openZip, type ZipArchive, type ZipEntry } from './archive';
export { fileOffsetOf, openEntry, PartSource, readEntry } from './entry';
