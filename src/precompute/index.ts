export { startPrecomputing, type PrecomputeOptions } from './worker';
