import type { Commands, ReturnersInput } from './commands';
import { Expectation } from './expectation';
import { GraphQLReturner, type Returner, type ReturnerOptions, SocketIoReturner } from './returner';
import { tokenOf } from './tokens';

const SESSIONS = { graphql: GraphQLReturner, 'socket-io': SocketIoReturner };
/** Connections that are being made at a time at first. */
const CONCURRENCY = 64;
/** The longest wait before a person who was lost again comes back, without its random part. */
const MOST_MS = 16_000;
const PATIENCE_MS = 5 * 60_000;
/** Coprime to any number of people that is not its multiple: neighbours do not come back together. */
const STRIDE = 7_919;

interface Person {
  token: string;
  /** The number of connections that they lost, once all had gathered. */
  losses: number;
  isLive: boolean;
  returner: Returner | null;
}

/** Many people, each of whom comes back by themselves to the second port when their connection is lost. */
export class Returners {
  private readonly people: Person[];
  private readonly expectation = new Expectation(new Promise(() => undefined), PATIENCE_MS);
  private isGathering = true;
  private refuse: (error: Error) => void = () => {};
  /** The number of people who were lost and are live. */
  private back = 0;
  private lastLiveAt = 0;
  private furtherLosses = 0;
  private refusals = 0;
  private reason = '';
  /** At the first loss. */
  private cpu: NodeJS.CpuUsage | null = null;

  constructor(private readonly input: ReturnersInput) {
    this.people = input.members.map(({ userId }) => ({
      token: tokenOf(userId),
      losses: 0,
      isLive: false,
      returner: null,
    }));
  }

  /** Connects all people to the first port. @throws {Error} one of them is refused or lost */
  async gather(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.refuse = reject;
    });
    let next = 0;
    const lane = async () => {
      while (next < this.people.length) await this.enter(next++);
    };
    await Promise.race([Promise.all(Array.from({ length: CONCURRENCY }, lane)), failed]);
    this.isGathering = false;
  }

  /** Resolves when each of them was lost and is live again. */
  async returned(): Promise<Commands['returned']['result']> {
    try {
      await this.expectation.until(this.people.length, () => this.back);
    } catch (error) {
      const late = this.people.find(({ isLive }) => !isLive);
      const { furtherLosses, reason, refusals } = this;
      const { message } = error as Error;
      throw new Error(
        `${message}: one is ${late?.returner?.progress}; lost again: ${furtherLosses} ${reason}; refused: ${refusals}`,
      );
    }
    const { furtherLosses, lastLiveAt, reason, refusals } = this;
    const { user, system } = process.cpuUsage(this.cpu ?? undefined);
    return { lastLiveAt, furtherLosses, reason, refusals, loadCpuUs: user + system };
  }

  close(): void {
    for (const { returner } of this.people) returner?.close();
  }

  private enter(index: number): Promise<void> {
    return new Promise((resolve) => this.connect(index, resolve));
  }

  private connect(index: number, onLive: () => void): void {
    const { members, ports, protocol } = this.input;
    const person = this.people[index]!;
    const options: ReturnerOptions = {
      member: members[index]!,
      token: person.token,
      port: ports[person.losses === 0 ? 0 : 1],
      onLive: () => {
        person.isLive = true;
        this.lastLiveAt = Date.now();
        if (person.losses > 0) this.expectation.step(++this.back);
        onLive();
      },
      onRefused: () => {
        this.refusals++;
      },
      onLost: (reason) => this.lost(index, reason),
    };
    person.returner = new SESSIONS[protocol](options);
  }

  private lost(index: number, reason: string): void {
    if (this.isGathering) {
      this.refuse(new Error(`a connection was lost: ${reason}`));
      return;
    }
    this.cpu ??= process.cpuUsage();
    const person = this.people[index]!;
    if (person.isLive && person.losses > 0) this.back--;
    person.isLive = false;
    if (++person.losses > 1) {
      this.furtherLosses++;
      this.reason = reason;
    }
    const { length } = this.people;
    const place = ((index * STRIDE) % length) / length;
    const waitMs = person.losses === 1 ? 0 : Math.min(1_000 * 2 ** (person.losses - 2), MOST_MS);
    setTimeout(
      () => this.connect(index, () => undefined),
      waitMs + place * Math.max(waitMs, this.input.spreadMs),
    );
  }
}
