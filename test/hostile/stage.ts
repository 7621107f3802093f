import { type App, startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { nodeConfig } from '../support/cluster';
import { type LogLine, openLogbook } from '../support/logbook';
import { Person } from '../support/person';
import { createMigratedDatabase, dropDatabase } from '../support/services';

/** The level of pino from which on a line says that something is wrong on this side. */
const WARNING = 40;

/** One node with its log, and people who are known to it. */
export class Stage {
  private readonly people: Person[] = [];
  /** Seats that the node itself has taken. */
  private readonly ownSeats: number;

  private constructor(
    readonly node: App,
    private readonly databaseUrl: string,
    private readonly lines: LogLine[],
  ) {
    this.ownSeats = node.services.delivery.hub.size.seats;
  }

  static async open(env: Record<string, string> = {}): Promise<Stage> {
    const databaseUrl = await createMigratedDatabase();
    const { logger, lines } = openLogbook();
    const node = await startApp(nodeConfig(databaseUrl, false, env), logger);
    return new Stage(node, databaseUrl, lines);
  }

  get url(): string {
    return this.node.url;
  }

  /** The subscriptions that the node serves now. */
  get subscriptions(): number {
    return this.node.services.delivery.hub.size.seats - this.ownSeats;
  }

  async person(id: string): Promise<Person> {
    await this.node.services.people.users.upsert([{ id, username: id }], () => 'user');
    const person = new Person(this.node, id, signToken(DEVELOPMENT_SECRET, { sub: id }));
    this.people.push(person);
    return person;
  }

  /** Takes the lines that came since the last call and that no mistake of a client may leave. */
  complaints(): string[] {
    const worse = this.lines.splice(0).filter(({ level }) => level >= WARNING);
    return worse.map(({ msg, err }) => `${msg}: ${(err as Error | undefined)?.message}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.disconnect()));
    await this.node.stop();
    await dropDatabase(this.databaseUrl);
  }
}
