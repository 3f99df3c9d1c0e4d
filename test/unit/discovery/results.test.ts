import { KeptResults } from '../../../src/discovery/results';

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('kept results', () => {
  it('runs a query once within ten minutes, and again after them', async () => {
    let time = 0;
    const results = new KeptResults<number>(() => time);
    let runs = 0;
    const ask = () => results.get('a', undefined, () => Promise.resolve(++runs));
    expect([await ask(), await ask()]).toEqual([1, 1]);
    time = 599_999;
    expect(await ask()).toBe(1);
    time = 600_000;
    expect(await ask()).toBe(2);
  });

  it('forgets a run that failed', async () => {
    const results = new KeptResults<number>();
    await expect(results.get('a', undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await results.get('a', undefined, () => Promise.resolve(1))).toBe(1);
  });

  it('lets one asker leave without stopping the run of the others', async () => {
    const results = new KeptResults<number>();
    const work = deferred<number>();
    const leaver = new AbortController();
    let stopped = false;
    const run = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (stopped = true));
      return work.promise;
    };
    const left = results.get('a', leaver.signal, run);
    const stays = results.get('a', undefined, run);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(stopped).toBe(false);
    work.resolve(7);
    expect(await stays).toBe(7);
  });

  it('stops a run that nobody waits for any more, and starts anew for the next', async () => {
    const results = new KeptResults<number>();
    const leaver = new AbortController();
    let stopped = false;
    const left = results.get('a', leaver.signal, (signal) => {
      signal.addEventListener('abort', () => (stopped = true));
      return new Promise(() => undefined);
    });
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(stopped).toBe(true);
    expect(await results.get('a', undefined, () => Promise.resolve(2))).toBe(2);
  });

  it('keeps a hundred results, those used last', async () => {
    const results = new KeptResults<number>();
    let runs = 0;
    const ask = (id: number) => results.get(String(id), undefined, () => Promise.resolve(++runs));
    for (let id = 0; id < 100; id++) await ask(id);
    await ask(0);
    await ask(100); // the hundred-and-first pushes out 1, the one not used for longest
    const before = runs;
    await ask(0);
    expect(runs).toBe(before);
    await ask(1);
    expect(runs).toBe(before + 1);
  });
});
