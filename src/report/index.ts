export * from './diffReport';
export * from './document';
export * from './stagesReport';
