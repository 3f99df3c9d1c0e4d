export { createCatalog } from './catalog';
export { createCatalogWriter } from './writer';
export { createKnownCompositions } from './known-compositions';
export {
  createCataloguePredictions,
  fillPredictions,
  predictedColumn,
  storedPredictions,
  type CataloguePredictions,
  type StoringPredictor,
} from './predictions';
