export * from './activation';
export * from './attention';
export * from './convolution';
export * from './linear';
export * from './normalization';
export * from './pooling';
export * from './squeezeExcite';
