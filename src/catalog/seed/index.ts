export { SEED_FOLDER, seedCatalogue, type SeedReport } from './seed';
