import { errorTypeOf, recordedSpan, type Span } from '../runtime/span';

/** The parts of a command of ioredis that its span is made of. */
export interface FollowedCommand {
  readonly name: string;
  readonly promise: Promise<unknown>;
  /** The name of the script that it runs; undefined for any other command. */
  readonly scriptName?: string;
}

/** A span, and the commands that share it. */
interface Batch {
  readonly parent: Span;
  readonly span: Span;
  /** The name of the command, and of its script if any. */
  readonly summary: string;
  size: number;
  unanswered: number;
}

/** The word that begins an error of Redis, such as WRONGTYPE. */
const ERROR_PREFIX = /^[A-Z]+(?= )/;

/**
 * Makes the spans of the commands of one connection, below the span of the work that gives them. A
 * command that belongs to no recorded span has none. Equal commands that the same work gives
 * without awaiting one of them leave in one write, and have one span. No span has keys or values,
 * because they have the ids of users.
 */
export class CommandSpans {
  /** The batches that further commands may join. */
  private open: Batch[] = [];
  private readonly database: string;

  constructor(database: number) {
    this.database = String(database);
  }

  /** Begins the span of a command, which ends with the answer. Costs nothing without traces. */
  follow(command: FollowedCommand): void {
    const parent = recordedSpan();
    if (parent !== null) this.join(parent, command);
  }

  private join(parent: Span, { name, scriptName, promise }: FollowedCommand): void {
    const operation = name.toUpperCase();
    const summary = scriptName === undefined ? operation : `${operation} ${scriptName}`;
    const batch =
      this.open.find((one) => one.parent === parent && one.summary === summary) ??
      this.begin(parent, operation, scriptName, summary);
    batch.size++;
    batch.unanswered++;
    if (batch.size > 1) {
      batch.span.rename(`PIPELINE ${summary}`);
      batch.span.set({
        'db.operation.name': `PIPELINE ${operation}`,
        'db.operation.batch.size': batch.size,
      });
    }
    promise.then(
      () => endWhenAnswered(batch),
      (error: unknown) => {
        fail(batch.span, error);
        endWhenAnswered(batch);
      },
    );
  }

  private begin(
    parent: Span,
    operation: string,
    scriptName: string | undefined,
    summary: string,
  ): Batch {
    const span = parent.child(summary, 'client', {
      'db.system.name': 'redis',
      'db.namespace': this.database,
      'db.operation.name': operation,
      ...(scriptName !== undefined && { 'db.stored_procedure.name': scriptName }),
    });
    const batch = { parent, span, summary, size: 0, unanswered: 0 };
    if (this.open.length === 0)
      queueMicrotask(() => {
        this.open = [];
      });
    this.open.push(batch);
    return batch;
  }
}

function endWhenAnswered(batch: Batch): void {
  batch.unanswered--;
  if (batch.unanswered === 0) batch.span.end();
}

function fail(span: Span, error: unknown): void {
  const { message } = (error ?? {}) as { message?: unknown };
  const prefix = ERROR_PREFIX.exec(String(message))?.[0];
  if (prefix !== undefined) span.set({ 'db.response.status_code': prefix });
  span.fail(prefix ?? errorTypeOf(error));
}
