import { z } from 'zod';
import type { TensorType } from '../manifest';
import type { Datatype } from './tensors';

/** What an endpoint says of itself and of its model, checked against what the package's graph needs. */

export const DATATYPES: Readonly<Record<TensorType, Datatype>> = {
  float32: 'FP32',
  float16: 'FP16',
  int64: 'INT64',
  int32: 'INT32',
  int8: 'INT8',
  uint8: 'UINT8',
};

const tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });
export const serverMetadata = z.object({ extensions: z.array(z.string()).default([]) });
export const modelMetadata = z.object({ inputs: z.array(tensor), outputs: z.array(tensor) });
type ModelMetadata = z.infer<typeof modelMetadata>;

export interface ModelSignature {
  /** The endpoint asks for the property's memory with each run; otherwise its model holds it. */
  readonly takesMemory: boolean;
  /** `[]`, or `[1]` where a server (Triton) has no tensors without a dimension. */
  readonly propertyShape: readonly number[];
  /** Outputs that it has of those that are used. */
  readonly outputs: readonly string[];
}

/**
 * @param memory the graph's memory inputs (docs/model-package.md)
 * @throws Error naming the first tensor that does not fit
 */
export function signatureOf(
  { inputs, outputs }: ModelMetadata,
  memory: readonly { readonly name: string; readonly type: TensorType }[],
  bins: number,
): ModelSignature {
  const needed = new Map<string, Datatype>([
    ['instruction', 'INT64'],
    ['tokens', 'INT64'],
    ['numbers', 'FP32'],
    ['property', 'INT64'],
  ]);
  const takesMemory = memory.some(({ name }) => inputs.some((input) => input.name === name));
  if (takesMemory) for (const { name, type } of memory) needed.set(name, DATATYPES[type]);
  for (const [name, datatype] of needed) {
    const found = inputs.find((input) => input.name === name);
    if (found?.datatype !== datatype) {
      throw new Error(`its input ${name} is ${found ? found.datatype : 'missing'}, must be ${datatype}`);
    }
  }
  const unknown = inputs.find(({ name }) => !needed.has(name));
  if (unknown) throw new Error(`it asks for an input ${unknown.name}, which this model package does not have`);
  const probabilities = outputs.find(({ name }) => name === 'probabilities');
  if (probabilities?.datatype !== 'FP32') throw new Error('it has no output probabilities of FP32');
  const columns = probabilities.shape.at(-1);
  if (columns !== bins && columns !== -1) throw new Error(`it answers ${columns} probabilities a row, not ${bins}`);
  return {
    takesMemory,
    propertyShape: inputs.find(({ name }) => name === 'property')!.shape.length === 0 ? [] : [1],
    outputs: ['probabilities', 'neighbours', 'neighbourWeights'].filter((name) => outputs.some((o) => o.name === name)),
  };
}
