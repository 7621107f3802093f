const all = require('./jest.config');

/** `npm test`: one case of each kind. */
module.exports = { ...all, testPathIgnorePatterns: ['\\.slow\\.test\\.ts$'] };
