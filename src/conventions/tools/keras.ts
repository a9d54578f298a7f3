import type { Tool } from './tool';

/** `Model.summary()` of Keras: parameters alone, moving statistics among them. */
export const KERAS: Tool = {
  name: 'keras',
  version: '3.15.1',
  call: 'keras.Model.summary()',
  unit: '',
  perMac: 1n,
  readsGraph: true,
  count: () => new Map(),
  parameters: ({ analysis }) => BigInt(analysis.profile.totals.parameters) + BigInt(analysis.profile.totals.buffers),
  why: {},
  parametersWhy: 'It counts moving statistics of normalisations among the parameters, as non-trainable ones; it counts no operations.',
};
