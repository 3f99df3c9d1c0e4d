import { z } from 'zod';
import { isPropertyKey, PROPERTIES, type ConditionName, type PropertyKey } from '../domain';

/** The manifest of a model package, format 1 (docs/model-package.md). */

const CONDITION_NAMES = [
  'temperature',
  'load',
  'wavelength',
  'processing',
  'testType',
] as const satisfies ConditionName[];

const tensorType = z.enum(['float32', 'float16', 'int64', 'int32', 'int8', 'uint8']);
export type TensorType = z.infer<typeof tensorType>;

const count = z.int().nonnegative();

const numericCondition = z.object({
  name: z.enum(CONDITION_NAMES),
  unit: z.string().nullish(),
  token: z.string(),
  default: z.number(),
  min: z.number(),
  max: z.number(),
  scale: z.object({ offset: z.number(), factor: z.number(), log10: z.boolean() }),
});
const categoricalCondition = z.object({
  name: z.enum(CONDITION_NAMES),
  default: z.string(),
  values: z.array(z.object({ name: z.string(), token: z.string() })).min(1),
});

const memoryTensor = z.object({
  file: z.string(),
  type: tensorType,
  shape: z.array(count),
  /** Bytes from the start of the file. */
  offset: count,
});

const property = z.object({
  key: z.string().refine(isPropertyKey, 'is not a property of this version') as unknown as z.ZodType<PropertyKey>,
  kind: z.enum(['regression', 'classification']),
  unit: z.string(),
  transform: z.enum(['identity', 'log10']),
  perAtom: z.boolean(),
  prompt: z.string(),
  promptTokens: z.array(count).min(1),
  bins: z.object({ lower: z.array(z.number()), upper: z.array(z.number()) }).nullish(),
  conditions: z.array(z.union([numericCondition, categoricalCondition])),
  desirability: z.object({ low: z.number(), high: z.number() }),
  training: z.object({ rows: count }),
  evaluation: z
    .object({
      metric: z.string(),
      value: z.number(),
      baseline: z.number(),
      baselineName: z.string(),
      rows: count,
      split: z.string(),
      intervalCoverage90: z.number().nullish(),
    })
    .nullish(),
  /** Slices of the memory by the graph's input names; `formulas`: first line and lines of its formulas, if it has any rows. */
  memory: z
    .object({ formulas: z.object({ file: z.string(), offset: count, rows: count }).optional() })
    .catchall(memoryTensor)
    .nullish(),
});

const manifestShape = z.object({
  format: z.literal(1),
  kind: z.literal('value-token'),
  name: z.string().min(1),
  version: z.string().min(1),
  trainedAt: z.iso.datetime({ offset: true }).nullish(),
  parameters: z.number().positive(),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count })),
  graph: z.object({
    file: z.string(),
    bins: z.int().min(2),
    memoryInputs: z.array(z.object({ name: z.string(), type: tensorType })).default([]),
  }),
  vocabulary: z.array(z.string()).min(6),
  properties: z.array(property).min(1),
});

export type Manifest = z.infer<typeof manifestShape>;
export type ManifestProperty = z.infer<typeof property>;
export type ManifestCondition = ManifestProperty['conditions'][number];
export type NumericCondition = z.infer<typeof numericCondition>;
export type MemoryTensor = z.infer<typeof memoryTensor>;

export function isNumeric(condition: ManifestCondition): condition is NumericCondition {
  return 'scale' in condition;
}

/** What the types alone cannot say: every name and number that refers to another part of the package. */
export const manifestSchema = manifestShape.superRefine((manifest, context) => {
  const fail = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const vocabulary = new Set(manifest.vocabulary);
  const knowsToken = (token: string, path: (string | number)[]) => {
    if (!vocabulary.has(token)) fail(path, `"${token}" is not in the vocabulary`);
  };
  const knowsFile = (file: string, path: (string | number)[]) => {
    if (!Object.hasOwn(manifest.files, file)) fail(path, `"${file}" is not listed in files`);
  };
  if (vocabulary.size !== manifest.vocabulary.length) fail(['vocabulary'], 'holds a token twice');
  ['[PAD]', '[UNK]', '[ANSWER]'].forEach((token) => knowsToken(token, ['vocabulary']));
  if (manifest.vocabulary[0] !== '[PAD]') fail(['vocabulary', 0], 'must be "[PAD]", the padding of the rows');
  knowsFile(manifest.graph.file, ['graph', 'file']);
  if (new Set(manifest.properties.map((p) => p.key)).size !== manifest.properties.length) {
    fail(['properties'], 'holds a property twice');
  }
  manifest.properties.forEach((p, index) => {
    const at = (...rest: (string | number)[]) => ['properties', index, ...rest];
    const registered = PROPERTIES[p.key];
    if (!registered) return;
    if (registered.kind !== p.kind.toUpperCase()) fail(at('kind'), `${p.key} is a ${registered.kind.toLowerCase()}`);
    if (registered.unit !== p.unit) fail(at('unit'), `${p.key} is given in ${registered.unit}, not ${p.unit}`);
    if (p.promptTokens.some((id) => id >= manifest.vocabulary.length))
      fail(at('promptTokens'), 'is beyond the vocabulary');
    if (p.kind === 'regression') checkBins(p.bins, manifest.graph.bins, (message) => fail(at('bins'), message));
    p.conditions.forEach((condition, c) => {
      if (isNumeric(condition)) knowsToken(condition.token, at('conditions', c, 'token'));
      else condition.values.forEach((v, n) => knowsToken(v.token, at('conditions', c, 'values', n, 'token')));
      if (!isNumeric(condition) && !condition.values.some((v) => v.name === condition.default)) {
        fail(at('conditions', c, 'default'), 'is not one of the values');
      }
    });
    for (const input of manifest.graph.memoryInputs) {
      const tensor = p.memory?.[input.name] as MemoryTensor | undefined;
      if (!tensor) fail(at('memory'), `lacks the graph's input ${input.name}`);
      else if (tensor.type !== input.type) fail(at('memory', input.name, 'type'), `must be ${input.type}`);
    }
    for (const [name, part] of Object.entries(p.memory ?? {}))
      if (part) knowsFile(part.file, at('memory', name, 'file'));
  });
});

function checkBins(bins: ManifestProperty['bins'], size: number, fail: (message: string) => void): void {
  if (!bins) return fail('is missing: a regression needs it');
  const { lower, upper } = bins;
  if (lower.length !== size || upper.length !== size) {
    return fail(`must hold ${size} bins as the graph does, holds ${lower.length} and ${upper.length}`);
  }
  for (let k = 0; k < size; k++) {
    if (upper[k]! < lower[k]!) return fail(`bin ${k} ends at ${upper[k]} before it starts at ${lower[k]}`);
    if (k > 0 && lower[k]! < upper[k - 1]!) return fail(`bin ${k} starts at ${lower[k]} inside the one before it`);
  }
}
