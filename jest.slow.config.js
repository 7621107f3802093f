const all = require('./jest.config');

/**
 * `npm run test:all`: every value, and the cases that wait for real times. Since they mostly wait,
 * more of them run at once.
 */
module.exports = { ...all, testMatch: ['**/*.slow.test.ts'], maxWorkers: 6 };
