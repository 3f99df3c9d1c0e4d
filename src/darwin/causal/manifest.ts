import { z } from 'zod';
import { isPropertyKey, type PropertyKey } from '../../domain';

/** The manifest of a package of kind `causal-lm` (docs/causal-lm.md). */
const property = z.object({
  key: z.string().refine(isPropertyKey, 'is not a property of this version') as unknown as z.ZodType<PropertyKey>,
  /** As the weights were trained with it. */
  instruction: z.string().min(1),
  /** Of what the model writes: `log10` where it was trained on the logarithm. */
  transform: z.enum(['identity', 'log10']).default('identity'),
  conditions: z
    .array(
      z.object({
        name: z.enum(['temperature', 'load', 'wavelength']),
        default: z.number(),
        /** What follows the formula: " at {value} K". */
        text: z.string().includes('{value}'),
      }),
    )
    .default([]),
  /** The answers of a classification, scored against each other. */
  candidates: z.object({ true: z.string().min(1), false: z.string().min(1) }).optional(),
  desirability: z.object({ low: z.number(), high: z.number() }).default({ low: 0, high: 1 }),
});

export const causalManifest = z.object({
  format: z.literal(1),
  kind: z.literal('causal-lm'),
  name: z.string().min(1),
  version: z.string().min(1),
  trainedAt: z.iso.datetime({ offset: true }).nullish(),
  parameters: z.number().positive(),
  files: z.record(
    z.string().regex(/^[\w.-]+$/),
    z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
  ),
  graph: z.object({
    file: z.string(),
    layers: z.int().positive(),
    /** Of keys and values: `num_key_value_heads`. */
    heads: z.int().positive(),
    headSize: z.int().positive(),
    type: z.enum(['float32', 'float16']),
  }),
  tokenizer: z.string(),
  /** Ends an answer. */
  endToken: z.string(),
  template: z.string().includes('{instruction}').includes('{input}'),
  /** Numbers drawn for one answer; their spread is its distribution. */
  samples: z.int().min(1).max(256).default(16),
  temperature: z.number().positive().default(1),
  /** Prompts of one run. */
  batch: z.int().min(1).max(1024).default(16),
  properties: z.array(property).min(1),
});
export type CausalManifest = z.infer<typeof causalManifest>;
export type CausalProperty = CausalManifest['properties'][number];
