import { parseFormula } from '../../../src/chemistry';
import type { MaterialInput } from '../../../src/domain';
import { material, SOURCE } from '../../support/materials';
import { type RealServer, startRealServer } from '../../support/real-server';

// The shape is what the tests are about to check.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Body = any;

const cell = (a: number) => ({ a, b: a, c: a, alpha: 90, beta: 90, gamma: 90, volume: a ** 3 });
const site = (element: string, at: number, occupancy = 1) => ({ element, occupancy, x: at, y: at, z: at });
/** Two crystals, one of them disordered, and compositions. */
export const MATERIALS: readonly MaterialInput[] = [
  material('CsCl', {
    externalId: 'a',
    name: 'caesium chloride',
    structure: { lattice: cell(4.12), sites: [site('Cs', 0), site('Cl', 0.5)] },
  }),
  material('Fe0.5Ni0.4', {
    externalId: 'b',
    structure: { lattice: cell(3), sites: [site('Fe', 0, 0.5), site('Ni', 0, 0.4)] },
  }),
  material('GaAs', {
    externalId: 'c',
    density: 5.32,
    measurements: [{ property: 'BAND_GAP', value: 1.424, unit: 'eV', fidelity: 'EXPERIMENT' }],
  }),
  ...['Si', 'Ge', 'AlN', 'GaN', 'TiO2', 'Fe2O3', 'MgO'].map((formula) => material(formula)),
];

export interface OptimadeTestServer extends RealServer {
  /** Unversioned. */
  readonly base: string;
  get(path: string, parameters?: Record<string, string>): Promise<{ status: number; body: Body; headers: Headers }>;
}

/** A server with these materials and one prediction, of the band gap of GaAs. */
export async function serveOptimade(): Promise<OptimadeTestServer> {
  const server = await startRealServer();
  const base = `${server.url}/optimade`;
  await server.writer.upsertMaterials(SOURCE, MATERIALS);
  await server.predictor.predict([{ composition: parseFormula('GaAs'), property: 'BAND_GAP' }]);
  await server.predictor.flush();
  return {
    ...server,
    base,
    async get(path, parameters = {}) {
      const response = await fetch(`${base}${path}?${new URLSearchParams(parameters)}`);
      return { status: response.status, body: await response.json(), headers: response.headers };
    },
  };
}

export const formulas = ({ body }: { body: Body }): string[] =>
  body.data.map((entry: Body) => entry.attributes.chemical_formula_descriptive);
