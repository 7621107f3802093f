const all = require('./jest.config');

/** `npm test`: one case of each kind. */
module.exports = {
  ...all,
  testPathIgnorePatterns: ['\\.slow\\.test\\.ts$'],
  // Tests wait for services more than they compute: on two cores, five take less time than three.
  maxWorkers: 5,
};
