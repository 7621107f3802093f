/**
 * Jest's environment for Node, in which a worker compiles each module once.
 *
 * Jest gives every test file its own instances of all modules, and compiles them anew: 1,600 for a
 * file with a cluster. Here V8 reads the result of the first time, while the text is the same.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const compile = vm.compileFunction;
/** By file name. */
const compiled = new Map();

vm.compileFunction = (code, parameters, options) => {
  const earlier = compiled.get(options?.filename);
  if (earlier?.code === code)
    return compile(code, parameters, { ...options, cachedData: earlier.data });
  const made = compile(code, parameters, { ...options, produceCachedData: true });
  if (options?.filename && made.cachedData)
    compiled.set(options.filename, { code, data: made.cachedData });
  return made;
};

module.exports = TestEnvironment;
