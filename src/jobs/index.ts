export { idle, Lanes } from './lanes';
export { JobQueue, type Job, type TakenJob } from './queue';
