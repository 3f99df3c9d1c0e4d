export { createCatalog } from './catalog';
export { createCatalogWriter } from './writer';
export { createKnownCompositions } from './known-compositions';
