import { startProgram } from './process';

const run = (what: string) => startProgram('test/e2e/stray-error.ts', [what], {}).ended;

describe('an error that reaches nobody', () => {
  it.each(['a statement', 'a connection'])(
    'is logged, and the server goes on, if %s of a lost database failed',
    async (what) => {
      const { code, stdout, stderr } = await run(what);
      expect([code, stdout]).toEqual([0, 'still there\n']);
      expect(JSON.parse(stderr)).toMatchObject({ level: 50, msg: expect.stringContaining('database was lost') });
    },
  );

  it.each(['a mistake', 'a mistake in an event'])('ends the server if it is %s', async (what) => {
    const { code, stdout, stderr } = await run(what);
    expect([code, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr)).toMatchObject({ level: 60, err: { type: 'TypeError' } });
  });
});
