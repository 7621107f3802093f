import type { Outcome } from '../harness/outcome';
import type { Peer } from '../harness/servers';
import type { Stage } from '../harness/stage';
import type { Protocol } from '../load/session';

/** Something that can be measured by its name. */
export interface Scenario {
  name: string;
  /** In a line, for the list. */
  summary: string;
  /** @param report is told how far it is, line by line */
  run(stage: Stage, report: (line: string) => void): Promise<Outcome>;
}

const PROTOCOLS: Record<Peer, Protocol> = {
  parley: 'graphql',
  raw: 'raw',
  'socket-io': 'socket-io',
  textbook: 'graphql',
  yoga: 'graphql',
  mercurius: 'graphql',
};

export function protocolOf(peer: Peer): Protocol {
  return PROTOCOLS[peer];
}

/** Those of a scenario's peers that are wanted. */
export function chosen(stage: Stage, peers: readonly Peer[]): Peer[] {
  const { peers: wanted } = stage.options;
  return peers.filter((peer) => wanted === null || wanted.includes(peer));
}
