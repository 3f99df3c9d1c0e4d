export { createCatalog } from './catalog';
export { createMeasurementRecorder } from './recorder';
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
