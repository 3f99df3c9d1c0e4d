// Lets an error reach nobody, as the first argument says, and is still there afterwards if the server would be.
import { EventEmitter } from 'node:events';
import { DatabaseUnavailableError } from '../../src/domain';
import { createLogger } from '../../src/log';
import { outliveLostDatabase } from '../../src/stray-errors';

const shutDown = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
const STRAYS: Record<string, () => void> = {
  'a statement': () => void Promise.reject(new DatabaseUnavailableError(shutDown)),
  'a connection': () => void new EventEmitter().emit('error', shutDown),
  'a mistake': () => void Promise.reject(new TypeError('nothing has no length')),
  'a mistake in an event': () => {
    throw new TypeError('nothing has no length');
  },
};

outliveLostDatabase(createLogger('error'));
setImmediate(STRAYS[process.argv[2]!]!);
setTimeout(() => console.log('still there'), 200);
