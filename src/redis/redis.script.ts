import { createHash } from 'node:crypto';
import { Command, type Redis } from 'ioredis';

/**
 * One script of Redis with one key. The first call over a connection sends the script's text, each
 * later one only its hash. So calls over one connection are carried out in their order, except one
 * that comes while Redis forgets its scripts (SCRIPT FLUSH): it is sent again with the text.
 *
 * It does what ioredis' `defineCommand` does, whose commands get a function as a property for each
 * call. V8 creates such functions in its old generation, where they keep the commands alive until
 * the next full collection (docs/performance.md).
 */
export class RedisScript {
  readonly hash: string;
  /** The network streams over which the text has been sent. */
  private readonly sentOver = new WeakSet<object>();

  /** @param name by which the spans of its calls name it */
  constructor(
    readonly text: string,
    readonly name: string,
  ) {
    this.hash = createHash('sha1').update(text).digest('hex');
  }

  /** @returns the script's answer; rejects as any command of `client` does */
  run(client: Redis, key: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const command = new ScriptCommand(this, [key, ...args]);
    client.sendCommand(command);
    return command.promise.catch((error: Error) => {
      if (!error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.text, 1, key, ...args);
    });
  }

  /** @returns true when the text must be sent over this stream, which then counts as sent */
  isNewTo(stream: object): boolean {
    if (this.sentOver.has(stream)) return false;
    this.sentOver.add(stream);
    return true;
  }
}

class ScriptCommand extends Command {
  constructor(
    private readonly script: RedisScript,
    args: (string | number)[],
  ) {
    super('evalsha', [script.hash, 1, ...args], { replyEncoding: 'utf8' });
  }

  get scriptName(): string {
    return this.script.name;
  }

  /** Called when the command is written, so the text is on the stream before any hash. */
  override toWritable(stream: object): string | Buffer {
    if (this.script.isNewTo(stream)) {
      this.name = 'eval';
      this.args[0] = this.script.text;
    }
    return super.toWritable(stream);
  }
}
