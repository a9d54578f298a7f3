/** Figures are written the same way in the views and on the command line. */
export * from '../../src/report/format';
