export * from './catalog';
export * from './errors';
export * from './prediction';
export * from './properties';
