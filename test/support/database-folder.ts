/** Names the environment variable with the data folder of this run's embedded server. */
export const TEST_DATA = 'BEAGLE_TEST_DATA';
