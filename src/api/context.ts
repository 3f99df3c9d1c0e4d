import type { Catalog, Discovery, Predictor, Principal } from '../domain';
import type { Context } from '../../schema';
import { pageRequest } from './paging';
import { catalogServices } from './services/catalog';
import { compositionService } from './services/compositions';
import { modelService } from './services/models';
import { nodeService } from './services/nodes';
import { predictionService } from './services/predictions';
import { structureService } from './services/structures';

export interface Services {
  readonly catalog: Catalog;
  readonly predictor: Predictor;
  readonly discovery: Discovery;
}

/** What is made once for the server, and then for each operation: its loaders must not outlive it. */
export function contextFactory({ catalog, predictor, discovery }: Services) {
  const models = modelService(predictor);
  return (principal: Principal, signal: AbortSignal): Context => {
    const { materials, measurements, structures, measurementById } = catalogServices(catalog);
    return {
      principal,
      signal,
      models,
      compositions: compositionService,
      predictions: predictionService(predictor, signal),
      materials,
      measurements,
      structures: structureService((id) => structures.load(id)),
      nodes: nodeService(materials, measurementById, predictor),
      discovery: {
        discover: async (input, paging) => {
          const { first, after } = pageRequest(paging);
          return discovery.discover(input, { first, after, signal, priority: 'interactive' });
        },
      },
    };
  };
}
