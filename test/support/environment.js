/**
 * Jest's environment for Node, in which a worker compiles each module once and keeps nothing of a
 * test file that is over.
 *
 * Jest gives every test file its own instances of all modules, and compiles them anew: 1,600 for a
 * file with a cluster. Here V8 reads the result of the first time, while the text is the same.
 *
 * A single object of a file keeps all its modules in memory, some 30 MB. With many of them each
 * collection takes long. So what is compiled is kept as a copy that belongs to no file, and what
 * modules observe of the process ends with their file.
 */
const performanceHooks = require('node:perf_hooks');
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
    compiled.set(options.filename, { code, data: Buffer.from(made.cachedData) });
  return made;
};

/** Ends what the modules of the test file that runs observe. */
const endings = new Set();

const { PerformanceObserver, monitorEventLoopDelay } = performanceHooks;
const { observe } = PerformanceObserver.prototype;

PerformanceObserver.prototype.observe = function observeUntilTheEnd(options) {
  endings.add(() => this.disconnect());
  return observe.call(this, options);
};

performanceHooks.monitorEventLoopDelay = (options) => {
  const histogram = monitorEventLoopDelay(options);
  endings.add(() => histogram.disable());
  return histogram;
};

module.exports = class extends TestEnvironment {
  async teardown() {
    for (const end of endings) end();
    endings.clear();
    await super.teardown();
  }
};
