/** The parts that applications with urql import from `@parley/client/urql`. */
export { parleyCache } from './parley.cache.js';
export { parleyExchange } from './parley.exchange.js';
