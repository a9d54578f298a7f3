import { settingsOf } from '../lightConv/knobs';

export { KNOBS } from '../lightConv/knobs';

export const SETTINGS = settingsOf('DynamicConv');
