import path from 'node:path';
import { modelFolder } from '../../src/services';

/** The folder of the package that the server would take. */
export const newestModel = (): string => path.relative(process.cwd(), modelFolder({ modelFolder: null }));
