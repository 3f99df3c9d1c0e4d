export { importMaterials, type ImportRequest } from './import-materials';
export { createImporter } from './importer';
export type { ImportSource } from './row';
export { fileBookmark, importFromProvider, type ProviderImportResult } from './optimade-provider';
