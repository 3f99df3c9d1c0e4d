export * from './access';
export * from './catalog';
export * from './discovery';
export * from './errors';
export * from './prediction';
export * from './prediction-store';
export * from './readings';
export * from './properties';
