import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { BeagleRequestError, type BeagleClient } from '../client';
import { COST_CLASSES, PROPERTY_KEYS } from '../domain';

const formula = z.string().min(1).max(1_000).describe('Chemical formula: GaAs, CuSO4·5H2O, Ba(Zr0.2Ti0.8)O3');
const property = z.enum(PROPERTY_KEYS).describe('Key of list_properties');
const symbols = z.array(z.string().min(1).max(2)).max(118);
const count = z.number().int().min(1).max(100).default(10);
const conditions = z
  .object({
    temperature: z.number().describe('K'),
    load: z.number().describe('N, of a hardness indentation'),
    wavelength: z.number().describe('µm'),
    processing: z.enum(['CAST', 'ANNEALED', 'WROUGHT', 'POWDER', 'OTHER', 'UNSPECIFIED']),
    testType: z.enum(['COMPRESSION', 'TENSION']),
  })
  .partial()
  .describe('Only those that a property depends on (list_properties); its defaults where not given');
const range = z.object({
  property,
  min: z.number().optional().describe('In the unit of the property; open if not given'),
  max: z.number().optional(),
});
const objective = z.object({
  property,
  goal: z.enum(['MINIMIZE', 'MAXIMIZE', 'TARGET', 'WITHIN']),
  target: z.number().optional().describe('For TARGET, in the unit of the property'),
  min: z.number().optional().describe('For WITHIN'),
  max: z.number().optional().describe('For WITHIN'),
  weight: z.number().optional(),
});

const elementLimit = z.object({
  element: z.string().min(1).max(2),
  minFraction: z.number().min(0).max(1).optional().describe('Atomic fraction'),
  maxFraction: z.number().min(0).max(1).optional(),
});

/**
 * Beagle as a Model Context Protocol server (specification 2025-06-18): what a language model may do here with the key of whoever runs it.
 * Every tool reads; none changes anything.
 */
export function createMcpServer(beagle: BeagleClient, version: string): McpServer {
  const server = new McpServer(
    { name: 'beagle', version },
    {
      instructions:
        'A catalogue of materials, and predictions of 47 properties for any composition. Each prediction has a 90 % interval: report it, and ' +
        'whether the composition lies inside of what the model was trained on (applicability), together with the value.',
    },
  );
  const annotations = { readOnlyHint: true, openWorldHint: false };

  server.registerTool(
    'list_properties',
    {
      title: 'Properties',
      description:
        'Every property with its unit, the conditions it depends on, and how large the error of a prediction was on compositions that the model had not seen.',
      annotations,
    },
    ({ signal }) => answer(async () => ({ properties: await beagle.properties(signal) })),
  );

  server.registerTool(
    'predict_properties',
    {
      title: 'Predict',
      description: 'Predicts properties of compositions, known or not: value, unit, interval, and how far to trust it.',
      inputSchema: {
        formulas: z.array(formula).min(1).max(200),
        properties: z.array(property).min(1).max(10),
        conditions: conditions.optional(),
        level: z.number().gt(0).lt(1).default(0.9).describe('Probability of the interval'),
      },
      annotations,
    },
    ({ formulas, properties, conditions, level }, { signal }) =>
      answer(async () => {
        const compositions = [];
        for await (const row of beagle.predict(formulas, properties, { conditions, level, evidence: true, signal })) {
          if (row.formula === null) compositions.push({ input: row.input, problem: row.problem });
          else {
            const predictions = row.predictions.map((prediction, column) => ({
              property: properties[column],
              ...(prediction ?? { problem: row.problems[column] }),
            }));
            compositions.push({ input: row.input, formula: row.formula, predictions });
          }
        }
        return { compositions };
      }),
  );

  server.registerTool(
    'ask',
    {
      title: 'Ask in plain English',
      description:
        'Answers a plain question about a property of a composition, a comparison of compositions, or a fact about an element; says why if it cannot.',
      inputSchema: {
        question: z.string().min(1).max(500).describe('"What is the band gap of gallium arsenide in meV?"'),
      },
      annotations,
    },
    ({ question }, { signal }) => answer(async () => ({ ...(await beagle.ask(question, signal)) })),
  );

  server.registerTool(
    'search_materials',
    {
      title: 'Search the catalogue',
      description: 'Materials of the catalogue that satisfy everything that is given.',
      inputSchema: {
        formula: z.string().optional().describe('Reduced formula; "*" stands for any element: "*2O3"'),
        chemicalSystem: z.string().optional().describe('Exactly these elements, "*" for any: "Li-Fe-O", "Si-*"'),
        allElements: symbols.optional().describe('Contains every one of these'),
        noneOfElements: symbols.optional().describe('Contains none of these'),
        measured: z.array(range).max(10).optional(),
        predicted: z.array(range).max(10).optional(),
        limit: count,
      },
      annotations,
    },
    ({ formula, chemicalSystem, allElements, noneOfElements, measured, predicted, limit }, { signal }) =>
      answer(async () => {
        const elements = allElements || noneOfElements ? { all: allElements, none: noneOfElements } : undefined;
        const filter = { formula, chemicalSystem, elements, measured, predicted };
        return { materials: await all(beagle.materials({ filter, limit, signal })) };
      }),
  );

  server.registerTool(
    'discover',
    {
      title: 'Discover',
      description:
        'Generates compositions, predicts them and ranks them. Give a palette of elements to combine, or the formulas to rank.',
      inputSchema: {
        elements: symbols.optional().describe('Palette: charge-balanced compositions of these elements'),
        elementCount: z.object({ min: z.number().int(), max: z.number().int() }).optional().describe('Default 2 to 4'),
        maxAtoms: z.number().int().min(1).max(40).optional().describe('Atoms of the reduced formula, default 10'),
        formulas: z.array(formula).max(10_000).optional(),
        objectives: z.array(objective).min(1).max(5),
        constraints: z
          .array(range.extend({ minProbability: z.number().gt(0).max(1).optional() }))
          .max(10)
          .optional()
          .describe('What has to hold, with at least this probability (default 0.5)'),
        excludeElements: symbols.optional().describe('No candidate contains one of these'),
        elementLimits: z.array(elementLimit).max(118).optional().describe('Bounds on atomic fractions'),
        excludeRadioactive: z.boolean().optional(),
        excludeToxic: z.boolean().optional().describe('No Be, As, Cd, Hg, Tl, Pb, U; no safety assessment'),
        minAbundance: z.number().min(0).optional().describe("Of the scarcest element, mg/kg of the Earth's crust"),
        maxCostClass: z.enum(COST_CLASSES).optional().describe('What the elements in a kilogram cost at most'),
        excludeKnown: z.boolean().default(false).describe('Drop what the catalogue holds already'),
        limit: count,
      },
      annotations,
    },
    ({ elements, elementCount, maxAtoms, formulas, limit, ...rest }, { signal }) =>
      answer(async () => {
        const enumerate = elements && { elements, elementCount, maxAtoms };
        const input = { space: { enumerate, formulas }, ...rest };
        return { candidates: await all(beagle.discover(input, { limit, signal })) };
      }),
  );

  return server;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A refusal is the tool's answer, in the words of the API, so that the model can mend its call; anything else is thrown. */
async function answer(work: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
  try {
    const result = await work();
    return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
  } catch (error) {
    if (!(error instanceof BeagleRequestError)) throw error;
    return { isError: true, content: [{ type: 'text', text: `${error.code}: ${error.message}` }] };
  }
}
