export { createExports, type ExportDeps } from './service';
export { startExportWorker, type ExportWorkerOptions } from './worker';
