export {
  importMaterials,
  ON_IMPORT_ERROR,
  type ImportRequest,
  type ImportResult,
  type OnImportError,
  type RowError,
} from './import-materials';
export { IMPORT_FORMATS, type ImportFormat } from './readers';
export type { ImportSource } from './row';
