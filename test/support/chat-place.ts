import { ChatProcess } from './chat-process';
import { Cluster } from './cluster';
import type { Person } from './person';

type Kind<T> = new (args: readonly string[], env?: Record<string, string>, columns?: number) => T;

/** A node in this process, and chats of its users, each of which is a process. */
export class ChatPlace {
  private readonly chats: ChatProcess[] = [];

  private constructor(
    readonly cluster: Cluster,
    readonly people: Record<string, Person>,
  ) {}

  static async open(...users: string[]): Promise<ChatPlace> {
    const cluster = await Cluster.start();
    const persons = await cluster.persons(...users);
    return new ChatPlace(cluster, Object.fromEntries(persons.map((one) => [one.id, one])));
  }

  /** A chat that keeps no history, unless there is a folder for it. */
  chat(user: string, env: Record<string, string> = {}, ...options: string[]): ChatProcess {
    return this.start(ChatProcess, user, env, options);
  }

  start<T extends ChatProcess>(
    Kind: Kind<T>,
    user: string,
    env: Record<string, string> = {},
    options: readonly string[] = [],
    columns = 100,
  ): T {
    const { token } = this.people[user]!;
    const args = [user, '--url', `${this.cluster.node.url}/graphql`, '--token', token!, ...options];
    const history = env.XDG_STATE_HOME ? [] : ['--no-history'];
    const chat = new Kind([...args, ...history], env, columns);
    this.chats.push(chat);
    return chat;
  }

  /** Ends the chats that still run. */
  killChats(): void {
    for (const chat of this.chats.splice(0)) chat.kill();
  }

  async close(): Promise<void> {
    this.killChats();
    await this.cluster.stop();
  }
}
