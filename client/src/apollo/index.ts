/** The parts that applications with Apollo Client import from `@parley/client/apollo`. */
export { parleyLink } from './parley.link.js';
export { parleyTypePolicies } from './type.policies.js';
