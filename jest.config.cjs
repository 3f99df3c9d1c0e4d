/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // hyparquet and request-filtering-agent are ES modules alone: Node requires them, jest has to have them turned into CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!(hyparquet|hyparquet-writer|request-filtering-agent)/)'],
  transform: {
    '^.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
    '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  // One embedded Postgres for the whole run, started by the first file that asks for a database (test/support/database.ts).
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // A property test or a first database start may take a while on a busy machine; nothing here is a timed test.
  testTimeout: 60_000,
  maxWorkers: 2,
};
