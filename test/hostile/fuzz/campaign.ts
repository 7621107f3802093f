import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { Dice, seedOf } from './dice';
import { FrameSender } from './frames';
import { Judge, type Kind } from './judge';
import type { FuzzedNode } from './node';
import { OperationSender } from './operations';
import { RequestSender } from './requests';
import type { Scene } from './scene';

const WORKERS = 6;
/** Kinds of inputs, by how many of each there are. */
const KINDS: readonly Kind[] = ['operation', 'operation', 'operation', 'http', 'frame'];
/** Set to find more than one mistake in one run. */
const KEEP_GOING = process.env.PARLEY_FUZZ_KEEP_GOING !== undefined;
const TALK_INTERVAL_MS = 1_000;
/** Attackers are replaced after so many exchanges of the bystanders. */
const TALKS_BEFORE_RENEWAL = 10;

/** Sends inputs to a node for as long as it is told, and judges what comes back. */
export class Campaign {
  readonly judge: Judge;
  private inputs = 0;
  private isRunning = false;

  constructor(
    private readonly node: FuzzedNode,
    private readonly scene: Scene,
    private readonly schema: GraphQLSchema,
    private readonly seed: number,
  ) {
    this.judge = new Judge(scene.secrets);
  }

  get violations(): readonly string[] {
    return [...this.judge.violations, ...this.node.complaints.map((line) => `the log: ${line}`)];
  }

  /** Goes on for so long, or until there is a violation. */
  async run(durationMs: number): Promise<void> {
    this.isRunning = true;
    const stop = new AbortController();
    const timer = sleep(durationMs, undefined, { signal: stop.signal }).catch(() => undefined);
    void timer.then(() => {
      this.isRunning = false;
    });
    await Promise.all([this.look(), ...Array.from({ length: WORKERS }, () => this.work())]);
    stop.abort();
  }

  /** Tries one input alone. */
  async replay(kind: Kind, seed: number): Promise<void> {
    await this.tryWith(this.senders(), kind, seed);
  }

  private senders() {
    const { url } = this.node;
    return {
      operation: new OperationSender(url, this.schema, this.judge),
      frame: new FrameSender(url, this.judge),
      http: new RequestSender(url, this.judge),
    };
  }

  private async work(): Promise<void> {
    const senders = this.senders();
    while (this.isRunning) {
      const index = this.inputs++;
      await this.tryWith(senders, KINDS[index % KINDS.length]!, seedOf(this.seed, index));
    }
    senders.operation.close();
  }

  private async tryWith(
    senders: ReturnType<Campaign['senders']>,
    kind: Kind,
    seed: number,
  ): Promise<void> {
    const dice = new Dice(seed);
    const attacker = dice.pick(this.scene.attackers);
    this.judge.count(this.judge.tried, kind);
    try {
      await senders[kind].try(seed, dice, attacker);
    } catch (error) {
      const input = { kind, seed, text: '', isService: false };
      this.judge.blame(input, `no answer: ${(error as Error).stack}`);
    }
  }

  /** Looks after the node, its log and the bystanders, beside the inputs. */
  private async look(): Promise<void> {
    for (let talks = 1; this.isRunning; talks++) {
      await sleep(TALK_INTERVAL_MS);
      const input = { kind: 'operation' as const, seed: 0, text: '', isService: false };
      try {
        await this.scene.talk();
        if (talks % TALKS_BEFORE_RENEWAL === 0) await this.scene.renew();
      } catch (error) {
        this.judge.blame(input, `a bystander was disturbed: ${(error as Error).stack}`);
      }
      if (!this.node.isAlive) this.judge.blame(input, 'the node has ended');
      if (this.violations.length > 0 && !KEEP_GOING) this.isRunning = false;
    }
  }
}
