/** The publication that a new installation comes with. */
export const SAMPLE_HOST = 'sample.masthead.test';
