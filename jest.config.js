/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: {
    // The sources of the client, which name files as its ES modules have to, and not what was built.
    '^@parley/client$': '<rootDir>/client/src/index.ts',
    '^@parley/client/documents$': '<rootDir>/client/src/generated/graphql.ts',
    '^(\\.{1,2}/.+)\\.js$': ['$1', '$1.js'],
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/services.setup.ts',
  globalTeardown: '<rootDir>/test/support/services.teardown.ts',
  setupFiles: ['reflect-metadata'],
  testTimeout: 120_000,
  maxWorkers: 3,
};
