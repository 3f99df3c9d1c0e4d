import { addressProblem } from '../../../src/webhooks/address';

describe('where events may be sent', () => {
  test.each(['https://example.org/hooks', 'https://example.org:8443/?a=b', 'https://93.184.216.34/'])('%s', (url) => {
    expect(addressProblem(url, false)).toBeNull();
  });

  test.each([
    ['https://localhost/', 'private'],
    ['https://db.internal/', 'private'],
    ['https://127.0.0.1/', 'private'],
    ['https://2130706433/', 'private'],
    ['https://0x7f.1/', 'private'],
    ['https://10.1.2.3/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'private'],
    ['https://0.0.0.0/', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::ffff:127.0.0.1]/', 'private'],
    ['https://[fd00::1]/', 'private'],
    ['http://example.org/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['https://me:secret@example.org/', 'must not hold a user name'],
    ['https://example.org/#a', 'must not hold a fragment'],
    ['example.org', 'is not a URL'],
    [`https://example.org/${'a'.repeat(2_000)}`, 'at most 2000'],
  ])('not %s', (url, why) => {
    expect(addressProblem(url, false)).toContain(why);
  });

  test('where private networks are allowed, also there and by plain http', () => {
    expect(addressProblem('http://127.0.0.1:4000/hooks', true)).toBeNull();
    expect(addressProblem('ftp://127.0.0.1/', true)).toContain('must begin with https://');
  });
});
