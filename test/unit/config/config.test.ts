import { ConfigError, readConfig } from '../../../src/config';

describe('configuration', () => {
  test('needs nothing: the defaults are a local server with an embedded database', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      dataFolder: '.beagle',
      device: 'auto',
    });
  });

  test('an empty variable is an unset one', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: null, port: 4000 });
  });

  test('names every wrong variable, what would be right, and never the value', () => {
    const read = () => readConfig({ PORT: '99999', BEAGLE_DEVICE: 'gpu', DATABASE_URL: 'mysql://root:hunter2@db' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT: expected a whole number from 0 to 65535/);
    expect(read).toThrow(/BEAGLE_DEVICE: expected auto, cpu, cuda or cuda:N/);
    expect(read).toThrow(/DATABASE_URL: expected postgresql:/);
    expect(read).not.toThrow(/hunter2/);
  });

  test.each(['cpu', 'cuda', 'cuda:1'])('takes the device %s', (device) => {
    expect(readConfig({ BEAGLE_DEVICE: device }).device).toBe(device);
  });

  test.each([
    [undefined, 'asked'],
    ['off', 'off'],
    ['BAND_GAP, BULK_MODULUS', ['BAND_GAP', 'BULK_MODULUS']],
    ['all', expect.arrayContaining(['BAND_GAP', 'SEEBECK_COEFFICIENT'])],
  ])('predicts the catalogue as BEAGLE_PRECOMPUTE=%s says', (BEAGLE_PRECOMPUTE, precompute) => {
    expect(readConfig({ BEAGLE_PRECOMPUTE })).toMatchObject({ precompute });
  });

  test.each(['BANDGAP', 'BAND_GAP,off', 'asked,all'])('refuses BEAGLE_PRECOMPUTE=%s', (BEAGLE_PRECOMPUTE) => {
    expect(() => readConfig({ BEAGLE_PRECOMPUTE })).toThrow(
      /BEAGLE_PRECOMPUTE: expected asked, all, off, or properties/,
    );
  });

  test('takes the address of a model elsewhere, and then no device', () => {
    const BEAGLE_MODEL_URL = 'https://models.example.org/fleet/v2/models/darwin/versions/3';
    expect(readConfig({ BEAGLE_MODEL_URL, BEAGLE_MODEL_TOKEN: 'secret' }).modelEndpoint).toEqual({
      url: BEAGLE_MODEL_URL,
      token: 'secret',
      timeoutMs: 10_000,
    });
    expect(readConfig({}).modelEndpoint).toBeNull();
    expect(() => readConfig({ BEAGLE_MODEL_URL, BEAGLE_DEVICE: 'cuda' })).toThrow(/BEAGLE_DEVICE: expected unset/);
  });

  test.each([
    'models.example.org/v2/models/darwin',
    'https://models.example.org/darwin',
    'https://user:password@models.example.org/v2/models/darwin',
    'https://models.example.org/v2/models/darwin?version=3',
  ])('refuses %s as the address of a model', (BEAGLE_MODEL_URL) => {
    expect(() => readConfig({ BEAGLE_MODEL_URL })).toThrow(
      /BEAGLE_MODEL_URL: expected https:\/\/host\/v2\/models\/name/,
    );
  });
});
