import { createPredictor } from '../../../src/darwin';
import { createDiscovery } from '../../../src/discovery';
import { fakeKnown } from '../../unit/discovery/fakes';
import { TINY } from '../../unit/darwin/fixtures';

/** Whatever the sessions and batches, the same input gives the same list. */
describe('a ranked list', () => {
  async function list(workers: number, batch: number): Promise<unknown[]> {
    const batching = { maxBatch: batch, mixedRows: batch };
    const predictor = await createPredictor({ folder: TINY, device: 'cpu', workers, batching });
    try {
      const discovery = createDiscovery({ predictor, known: fakeKnown() });
      const page = await discovery.discover(
        {
          space: { enumerate: { elements: ['Li', 'Mg', 'Al', 'Ti', 'Fe', 'O', 'S'], maxAtoms: 7 } },
          objectives: [
            { property: 'BAND_GAP', goal: 'TARGET', target: 1.4 },
            { property: 'DENSITY', goal: 'MINIMIZE' },
          ],
        },
        { first: 100 },
      );
      return page.edges.map(({ node }) => [node.rank, node.composition.formula, node.paretoFront]);
    } finally {
      await predictor.close();
    }
  }

  it('is the same from one session and from two, in large batches and in small ones', async () => {
    const one = await list(1, 128);
    expect(one).toHaveLength(100);
    expect(await list(2, 128)).toEqual(one);
    expect(await list(2, 23)).toEqual(one);
  });
});
