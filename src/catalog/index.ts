export { createCatalog } from './catalog';
export { createCatalogWriter } from './writer';
