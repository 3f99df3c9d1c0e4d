import { randomUUID } from 'node:crypto';
import { campaignsOn, someone, SPACE } from '../../support/campaigns';
import { createTestDatabase } from '../../support/database';

test('workers that come up at the same time on a new database share its queue', async () => {
  const testDatabase = await createTestDatabase();
  const { campaigns, startWorker, stopWorkers, until } = campaignsOn(testDatabase.database);
  try {
    await Promise.all([startWorker(), startWorker(), startWorker()]);
    const me = someone(randomUUID());
    const { id } = await campaigns.create(me, { name: 'first', discovery: SPACE });
    expect(await until(me, id)).toMatchObject({ status: 'COMPLETED', done: 23_751 });
  } finally {
    await stopWorkers();
    await testDatabase.drop();
  }
});
