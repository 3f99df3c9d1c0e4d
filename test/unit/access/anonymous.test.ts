import { anonymousPrincipal, isLocal, type Origin } from '../../../src/access/anonymous';

const local: Origin = { remoteAddress: '127.0.0.1', host: 'localhost:4000', forwarded: false };

describe('anonymous access', () => {
  it.each(['localhost', 'localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST'])(
    'is local for Host %s',
    (host) => {
      expect(isLocal({ ...local, host })).toBe(true);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:4000',
    'evil.example#localhost',
    '',
    undefined,
  ])('is not local for Host %s, as in DNS rebinding', (host) => {
    expect(isLocal({ ...local, host })).toBe(false);
  });

  it('lapses behind a proxy and for a remote peer', () => {
    expect(isLocal({ ...local, forwarded: true })).toBe(false);
    expect(isLocal({ ...local, remoteAddress: '192.0.2.1' })).toBe(false);
    expect(isLocal({ ...local, remoteAddress: undefined })).toBe(false);
    expect(isLocal({ ...local, remoteAddress: '::ffff:127.0.0.1' })).toBe(true);
  });

  it('grants everything but key administration on the embedded database alone', () => {
    const embedded = anonymousPrincipal({ embedded: true, scopes: null }, local);
    expect([...embedded.scopes]).toEqual(expect.arrayContaining(['MATERIALS_READ', 'CAMPAIGNS_WRITE']));
    expect(embedded.scopes.has('KEYS_ADMIN')).toBe(false);
    expect(anonymousPrincipal({ embedded: false, scopes: null }, local).scopes.size).toBe(0);
    expect(anonymousPrincipal({ embedded: true, scopes: null }, { ...local, forwarded: true }).scopes.size).toBe(0);
  });

  it('follows BEAGLE_ANONYMOUS_SCOPES, except for key administration', () => {
    const principal = anonymousPrincipal({ embedded: false, scopes: ['MATERIALS_READ', 'KEYS_ADMIN'] }, local);
    expect([...principal.scopes]).toEqual(['MATERIALS_READ']);
    const closed = anonymousPrincipal({ embedded: true, scopes: [] }, local);
    expect(closed.scopes.size).toBe(0);
  });
});
