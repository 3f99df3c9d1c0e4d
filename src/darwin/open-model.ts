import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceSource, Predictor } from '../domain';
import { CausalPredictor } from './causal/causal-predictor';
import { createPredictor, parseDevice, type PredictorOptions } from './create-predictor';
import { ModelPackageError } from './package';

/** What every kind of package is behind. */
export interface ServedModel extends Predictor, EvidenceSource {
  close(): Promise<void>;
}

/** Opens a package of either kind: `value-token` (createPredictor) or `causal-lm`. @throws as they do. */
export async function openModel(options: PredictorOptions): Promise<ServedModel> {
  if ((await kindOf(options.folder)) !== 'causal-lm') return createPredictor(options);
  const { folder, device, threads } = options;
  return CausalPredictor.open({ folder, device: parseDevice(device ?? 'auto'), threads });
}

async function kindOf(folder: string): Promise<unknown> {
  const file = path.join(folder, 'manifest.json');
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { readonly kind?: unknown }).kind;
  } catch (error) {
    throw new ModelPackageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
