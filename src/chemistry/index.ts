export type { Composition } from './composition';
