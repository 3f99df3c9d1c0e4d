/** Darwin: the only place that knows the model. Everything else asks it through the `Predictor` port of src/domain. */
export { createPredictor, type PredictorOptions } from './create-predictor';
export { loadPackage, ModelPackageError, type ModelPackage } from './package';
export type { DarwinPredictor } from './predictor';
export { CausalPredictor } from './causal/causal-predictor';
export { openModel, type ServedModel } from './open-model';
export { Reader } from './reader';
