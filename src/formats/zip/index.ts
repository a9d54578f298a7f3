export { openZip, type ZipArchive, type ZipEntry } from './archive';
export { fileOffsetOf, openEntry, readEntry } from './entry';
