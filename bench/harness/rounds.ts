import { median, rounded } from './median';

/** One peer's figures of one round. */
export type Sample = Record<string, number>;

/** The samples of all who were measured, by name, in the order of the rounds. */
export type Samples<Name extends string = string> = Map<Name, Sample[]>;

/**
 * Measures the peers in turn, each round beginning with another one (A B C, B C A, C A B …): what the machine does meanwhile,
 * and what a peer that kept it busy leaves behind, meets all of them alike.
 *
 * A peer that fails is out from then on; when Parley does, the bench has failed.
 *
 * @param report is told of each sample
 */
export async function inTurn<Name extends string>(
  peers: readonly Name[],
  rounds: number,
  measure: (peer: Name) => Promise<Sample>,
  report: (line: string) => void,
): Promise<Samples<Name>> {
  const samples: Samples<Name> = new Map(peers.map((peer) => [peer, []]));
  for (let round = 1; round <= rounds; round++)
    for (const peer of rotated([...samples.keys()], round - 1))
      try {
        const sample = await measure(peer);
        samples.get(peer)!.push(sample);
        report(`round ${round}/${rounds}  ${peer.padEnd(10)} ${describe(sample)}`);
      } catch (error) {
        if (peer.startsWith('parley')) throw error;
        samples.delete(peer);
        report(`${peer} is out: ${(error as Error).message}`);
      }
  return samples;
}

function rotated<T>(all: readonly T[], by: number): T[] {
  const first = by % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

/** The median of each figure. */
export function medians(samples: readonly Sample[]): Sample {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, rounded(median(samples.map((sample) => sample[name]!)), 4)]),
  );
}

/**
 * The median of the rounds' ratios of `ours` to the peer's figure: what slows one round down slows both.
 * Null when one of them was not measured.
 */
export function ratioTo(
  samples: Samples,
  peer: string,
  figure: string,
  ours = 'parley',
): number | null {
  const theirs = samples.get(peer);
  const mine = samples.get(ours);
  if (!mine?.length || !theirs?.length) return null;
  return rounded(median(mine.map((sample, round) => sample[figure]! / theirs[round]![figure]!)), 4);
}

function describe(sample: Sample): string {
  return Object.entries(sample)
    .map(([name, value]) => `${name} ${rounded(value, 4)}`)
    .join('  ');
}
