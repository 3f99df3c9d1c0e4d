export { OptimadeProblem } from './problem';
export { API_VERSION, type Request as OptimadeRequest } from './response';
export { createOptimadeServer, type Admit, type OptimadeServer } from './server';
