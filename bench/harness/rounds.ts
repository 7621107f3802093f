import { median, rounded } from './median';
import type { Peer } from './servers';

/** One peer's figures of one round. */
export type Sample = Record<string, number>;

/** Everybody's samples, in the order of the rounds. */
export type Samples = Map<Peer, Sample[]>;

/**
 * Measures the peers in turn (A B C A B C …), so that what the machine does meanwhile meets all of them alike.
 *
 * A peer that fails is out from then on; when Parley does, the bench has failed.
 *
 * @param report is told of each sample
 */
export async function inTurn(
  peers: readonly Peer[],
  rounds: number,
  measure: (peer: Peer) => Promise<Sample>,
  report: (line: string) => void,
): Promise<Samples> {
  const samples: Samples = new Map(peers.map((peer) => [peer, []]));
  for (let round = 1; round <= rounds; round++)
    for (const peer of samples.keys())
      try {
        const sample = await measure(peer);
        samples.get(peer)!.push(sample);
        report(`round ${round}/${rounds}  ${peer.padEnd(10)} ${describe(sample)}`);
      } catch (error) {
        if (peer === 'parley') throw error;
        samples.delete(peer);
        report(`${peer} is out: ${(error as Error).message}`);
      }
  return samples;
}

/** The median of each figure. */
export function medians(samples: readonly Sample[]): Sample {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rounded(median(samples.map((sample) => sample[name]!)), 4)]));
}

/**
 * The median of the rounds' ratios of Parley's figure to the peer's: what slows one round down slows both.
 * Null when one of them was not measured.
 */
export function ratioTo(samples: Samples, peer: Peer, figure: string): number | null {
  const ours = samples.get('parley');
  const theirs = samples.get(peer);
  if (!ours || !theirs) return null;
  return rounded(median(ours.map((sample, round) => sample[figure]! / theirs[round]![figure]!)), 4);
}

function describe(sample: Sample): string {
  return Object.entries(sample)
    .map(([name, value]) => `${name} ${rounded(value, 4)}`)
    .join('  ');
}
