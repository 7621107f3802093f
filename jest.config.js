/** Compiles TypeScript, and what jest cannot run as it is, to CommonJS. */
const compile = [
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
];

/** It loads `http` by `import()`, for which jest would need a flag of Node. */
const EXPORTER = '@opentelemetry/otlp-exporter-base/';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: {
    // The sources of the client, which name files as its ES modules have to, and not what was built.
    '^@parley/client$': '<rootDir>/client/src/index.ts',
    '^@parley/client/(apollo|react|urql)$': '<rootDir>/client/src/$1/index.ts',
    '^@parley/client/documents$': '<rootDir>/client/src/generated/graphql.ts',
    '^(\\.{1,2}/.+)\\.js$': ['$1', '$1.js'],
  },
  transform: { '^.+\\.ts$': compile, [`${EXPORTER}.+\\.js$`]: compile },
  transformIgnorePatterns: [`/node_modules/(?!${EXPORTER})`],
  globalSetup: '<rootDir>/test/support/services.setup.ts',
  globalTeardown: '<rootDir>/test/support/services.teardown.ts',
  setupFiles: ['reflect-metadata'],
  testTimeout: 120_000,
  maxWorkers: 3,
};
