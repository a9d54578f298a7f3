import { settingsOf } from '../lightConv/knobs';

export { KNOBS } from '../lightConv/knobs';

/** The knobs of each variant of DynamicConv by the name it was published under; knobs that are not here keep their defaults. */
export const SETTINGS = settingsOf('DynamicConv');
