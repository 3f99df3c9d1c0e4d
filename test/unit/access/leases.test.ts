import { LeasedAllowance, type TakeFromWindow } from '../../../src/access/leases';

/** One shared counter, as the Postgres upsert is. */
function sharedCounter() {
  const used = new Map<string, number>();
  let statements = 0;
  const take: TakeFromWindow = async (id, windowStart, amount) => {
    statements++;
    const key = `${id} ${windowStart.getTime()}`;
    const usedAfter = (used.get(key) ?? 0) + amount;
    used.set(key, usedAfter);
    await new Promise((resolve) => setImmediate(resolve));
    return { usedAfter };
  };
  return { take, statements: () => statements };
}

describe('an allowance shared by several instances', () => {
  it('never grants more than the limit, and at least 98 % of it, whoever asks', async () => {
    const counter = sharedCounter();
    const instances = [0, 1].map(() => new LeasedAllowance(60_000, counter.take, () => 0));
    let accepted = 0;
    await Promise.all(
      Array.from({ length: 3000 }, async (_, i) => {
        if (await instances[i % 2]!.charge('key', 1000, 1)) accepted++;
      }),
    );
    expect(accepted).toBeLessThanOrEqual(1000);
    expect(accepted).toBeGreaterThanOrEqual(980);
  });

  it('costs no statement within a block, and none once the limit is known to be used up', async () => {
    const counter = sharedCounter();
    const allowance = new LeasedAllowance(60_000, counter.take, () => 0);
    for (let i = 0; i < 1000; i++) expect(await allowance.charge('key', 1000, 1)).not.toBeNull();
    expect(counter.statements()).toBe(200);
    for (let i = 0; i < 50; i++) expect(await allowance.charge('key', 1000, 1)).toBeNull();
    expect(counter.statements()).toBe(200);
  });

  it('charges all or nothing, and says what is left', async () => {
    const allowance = new LeasedAllowance(60_000, sharedCounter().take, () => 0);
    expect((await allowance.charge('key', 100, 60))!.remaining).toBe(40);
    expect(await allowance.charge('key', 100, 41)).toBeNull();
    expect((await allowance.charge('key', 100, 40))!.remaining).toBe(0);
  });

  it('tells a new instance what the others have used', async () => {
    const counter = sharedCounter();
    await new LeasedAllowance(60_000, counter.take, () => 0).charge('key', 100, 30);
    expect((await new LeasedAllowance(60_000, counter.take, () => 0).peek('key', 100)).remaining).toBe(70);
  });

  it('starts afresh with the next window', async () => {
    let now = 0;
    const allowance = new LeasedAllowance(60_000, sharedCounter().take, () => now);
    await allowance.charge('key', 10, 10);
    expect(await allowance.charge('key', 10, 1)).toBeNull();
    now = 60_000;
    expect(await allowance.charge('key', 10, 1)).toEqual({ limit: 10, remaining: 9, resetAt: new Date(120_000) });
  });
});
