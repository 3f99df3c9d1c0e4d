import { parseFormula } from '../../src/chemistry';
import {
  BeagleError,
  InputError,
  PROPERTY_KEYS,
  propertyDefinition,
  type Catalog,
  type Distribution,
  type MaterialRecord,
  type ModelInfo,
  type PredictionRequest,
  type Predictor,
  type StructureRecord,
} from '../../src/domain';

/** In-memory ports for tests of the API alone: what they answer is made up, how they are asked is recorded. */

/** Uniform on [0, 2·value]: every reading is easy to check by hand. */
function uniform(value: number): Distribution {
  const width = 2 * value;
  const below = (x: number): number => Math.min(1, Math.max(0, x / width));
  return {
    value,
    mean: value,
    standardDeviation: width / Math.sqrt(12),
    quantile: (p) => p * width,
    probabilityWithin: (lower, upper) => Math.max(0, below(upper) - below(lower)),
  };
}

export const FAKE_MODEL: ModelInfo = {
  id: 'fake@1.0.0',
  name: 'fake',
  version: '1.0.0',
  sha256: '0'.repeat(64),
  parameters: 1,
  trainedAt: null,
  device: 'cpu',
  properties: PROPERTY_KEYS.map((key) => ({
    key,
    conditions: propertyDefinition(key).conditions.map((name) => ({
      name,
      unit: null,
      default: 300,
      min: 100,
      max: 1000,
      values: null,
    })),
    evaluation: null,
    desirability: { low: 0, high: 4 },
  })),
};

export class FakePredictor implements Predictor {
  readonly model: ModelInfo = FAKE_MODEL;
  readonly calls: (readonly PredictionRequest[])[] = [];
  signal: AbortSignal | undefined;
  /** Never answers while it is set, except by the signal. */
  stuck = false;

  /** The value is the number of atoms as written over 10, so that every composition has its own; uranium cannot be predicted. */
  async predict(requests: readonly PredictionRequest[], options?: { readonly signal?: AbortSignal }) {
    this.calls.push(requests);
    this.signal = options?.signal;
    if (this.stuck) {
      await new Promise((_, reject) =>
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
      );
    }
    return requests.map((request) => {
      if (request.composition.elements.includes('U')) {
        return new BeagleError('UNSUPPORTED_ELEMENT', 'the model was never trained on U');
      }
      if (request.composition.elements.includes('Pu')) return new Error('secret path /srv/models/darwin.onnx');
      return {
        request,
        distribution: uniform(request.composition.atoms / 10),
        conditions: request.conditions ?? {},
        warnings: [],
        neighbours: [],
        modelId: FAKE_MODEL.id,
        cached: false,
        computedAt: new Date(0),
      };
    });
  }
}

const SOURCE = { id: 's', name: 'a test', url: null, doi: null, licence: null };

function material(formula: string, index: number): MaterialRecord {
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    externalId: null,
    name: null,
    composition: parseFormula(formula),
    spaceGroupNumber: 225,
    spaceGroupSymbol: 'Fm-3m',
    density: 1,
    source: SOURCE,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}

const CUBE: StructureRecord = {
  lattice: { a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90, volume: 64 },
  sites: [{ element: 'Na', occupancy: 1, x: 0, y: 0, z: 0 }],
};

/** Counts its statements by method; holds one material for each formula. Filters and cursors are the database's business. */
export class FakeCatalog implements Catalog {
  readonly statements: string[] = [];
  failure: Error | null = null;
  readonly materials: readonly MaterialRecord[];

  constructor(formulas: readonly string[] = ['NaCl', 'MgO', 'GaAs']) {
    this.materials = formulas.map(material);
  }

  private log(statement: string): void {
    this.statements.push(statement);
    if (this.failure) throw this.failure;
  }
  async search(filter: object, { first, after }: { first?: number | null; after?: string | null }) {
    this.log('search');
    if (after != null) throw new InputError([{ path: ['after'], message: 'not a cursor of this list' }]);
    if (Object.keys(filter).length > 0) throw new Error('the fake catalogue has no filters');
    const edges = this.materials.slice(0, first ?? 0).map((node, i) => ({ cursor: String(i), node }));
    return { edges, hasNextPage: edges.length < this.materials.length, hasPreviousPage: false };
  }
  async count() {
    this.log('count');
    return { count: this.materials.length, exact: true };
  }
  async facet() {
    this.log('facet');
    return [];
  }
  async histogram() {
    this.log('histogram');
    return { edges: [], counts: [], unit: 'eV' };
  }
  async points() {
    this.log('points');
    return { ids: [], formulas: [], x: [], y: [], color: null, xPredicted: [], yPredicted: [], truncated: false };
  }
  async materialsByIds(ids: readonly string[]) {
    this.log('materialsByIds');
    return ids.map((id) => this.materials.find((m) => m.id === id) ?? null);
  }
  async materialsByCompositionKeys(keys: readonly string[], limit: number) {
    this.log('materialsByCompositionKeys');
    return keys.map((key) => this.materials.filter((m) => m.composition.key === key).slice(0, limit));
  }
  async structuresByMaterialIds(ids: readonly string[]) {
    this.log('structuresByMaterialIds');
    return ids.map(() => CUBE);
  }
  async measurementsByIds(ids: readonly string[]) {
    this.log('measurementsByIds');
    return ids.map(() => null);
  }
  async measurementsByMaterialIds(ids: readonly string[]) {
    this.log('measurementsByMaterialIds');
    return ids.map(() => []);
  }
  async measurementsByCompositionKeys(keys: readonly string[]) {
    this.log('measurementsByCompositionKeys');
    return keys.map(() => []);
  }
  async storedValues(ids: readonly string[], values: readonly unknown[]) {
    this.log('storedValues');
    return ids.map(() => values.map(() => null));
  }
  async sources() {
    this.log('sources');
    return [SOURCE];
  }
  async knownCompositionKeys(keys: readonly string[]) {
    this.log('knownCompositionKeys');
    return new Set(keys.filter((key) => this.materials.some((m) => m.composition.key === key)));
  }
}
