export { createExports, type ExportDeps } from './service';
export { KEEP_HOURS, startExportWorker, type ExportWorkerOptions } from './worker';
