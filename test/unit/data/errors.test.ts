import { translated } from '../../../src/data/errors';
import { BeagleError, DatabaseUnavailableError } from '../../../src/domain';

const coded = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('an error of the database', () => {
  it.each<[string, unknown]>([
    ['refused connection', coded('ECONNREFUSED')],
    ['server shutting down', coded('57P01')],
    ['too many connections', coded('53300')],
    ['connection exception', coded('08006')],
    ['Prisma cannot reach the server', coded('P1001')],
    ['no free connection in time', new Error('timeout exceeded when trying to connect')],
    ['session lost in a query', new Error('Connection terminated unexpectedly')],
    ['wrapped', new Error('outer', { cause: new Error('inner', { cause: coded('ECONNRESET') }) })],
    [
      'adapter, in the meta of a raw query',
      { code: 'P2010', meta: { driverAdapterError: { cause: { kind: 'DatabaseNotReachable' } } } },
    ],
  ])('that means "not there" (%s) says so to the caller', (_, error) => {
    const result = translated(error);
    expect(result).toBeInstanceOf(DatabaseUnavailableError);
    expect(result).toMatchObject({ code: 'INTERNAL', cause: error });
  });

  it.each<[string, unknown]>([
    ['division by zero', coded('22012')],
    ['unique violation', coded('P2002')],
    ['one of ours', new BeagleError('NOT_FOUND', 'no such material')],
    ['undefined', undefined],
    ['text', 'ECONNREFUSED'],
  ])('of any other kind (%s) stays as it is', (_, error) => {
    expect(translated(error)).toBe(error);
  });

  it('that is its own cause ends', () => {
    const error = new Error('round');
    error.cause = error;
    expect(translated(error)).toBe(error);
  });
});
