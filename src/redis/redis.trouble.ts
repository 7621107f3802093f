/** The reason for which Redis cannot be used at present. */
export interface RedisTrouble {
  /**
   * - `away`: no connection, or no answer.
   * - `refusing`: Redis answers and refuses for now, for example while it loads its data.
   * - `unsuitable`: only a change of the setting, of the user's rights or of the server helps.
   */
  readonly kind: 'away' | 'refusing' | 'unsuitable';
  /** One line for the operator, without secrets. */
  readonly cause: string;
}

/** An error of a server that answers, and that Parley cannot use as it is. */
export class UnsuitableRedisError extends Error {}

const MAX_CAUSE_LENGTH = 300;
const CLUSTER =
  /^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN)\b|cluster mode|in a cluster node|not hash to the same slot/i;

/** Answers of Redis after which only a change helps, and what they mean. */
const UNSUITABLE: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/^WRONGPASS|^ERR invalid password/, 'Redis does not accept the user and the password'],
  [/arguments for 'auth' command/i, 'the server knows no users, so it is older than Redis 7'],
  [/^NOAUTH/, 'Redis requires a password'],
  [/^NOPERM|ACL failure|executing the script can't/, 'the user lacks a right'],
  [/^DENIED/, 'Redis is in protected mode, and accepts no client from this host'],
  [/^READONLY/, 'the server is a replica, which cannot be written to'],
  [CLUSTER, 'a Redis Cluster is not supported'],
  [/DB index/i, 'Redis has no database of this number'],
  [/^ERR unknown (sub)?command/i, 'Redis does not know a command that is needed'],
];

const TLS_ERRORS: readonly (readonly [code: RegExp, meaning: string])[] = [
  [/CERTIFICATE_REQUIRED|ALERT_BAD_CERT/, 'the server demands a certificate of its clients'],
  [/^ERR_SSL_|^EPROTO$/, 'the server does not answer in TLS as it should'],
  [
    /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT|HOSTNAME_MISMATCH)/,
    'the certificate of the server is not accepted, and NODE_EXTRA_CA_CERTS names others',
  ],
];

/** Tells why an error of the client, or of Redis, means that Redis cannot be used. */
export function troubleOf(error: Error): RedisTrouble {
  const message = messageOf(error);
  if (error instanceof UnsuitableRedisError) return { kind: 'unsuitable', cause: message };
  const { code = '' } = error as NodeJS.ErrnoException;
  const tls = TLS_ERRORS.find(([pattern]) => pattern.test(code));
  if (tls) return { kind: 'unsuitable', cause: `${tls[1]} (${code})` };
  if (error.name === 'ParserError')
    return { kind: 'unsuitable', cause: 'the server is no Redis: it does not answer as one' };
  const answer = answerIn(error, message);
  if (answer === null) return { kind: 'away', cause: message };
  const meaning = UNSUITABLE.find(([pattern]) => pattern.test(answer));
  if (meaning) return { kind: 'unsuitable', cause: `${meaning[1]} (${answer})` };
  return { kind: 'refusing', cause: answer };
}

/** Returns the text of Redis' answer; null when the error is none. */
function answerIn(error: Error, message: string): string | null {
  // An error that Redis sends before any command, as at its limit of clients, has no command.
  const unasked = /^Command queue state error.* Last error: (.*)$/.exec(message)?.[1];
  return unasked ?? (error.name === 'ReplyError' ? message : null);
}

function messageOf(error: Error): string {
  // An error of several attempts, such as one for each address of a host, has no message itself.
  const [first] = (error as Partial<AggregateError>).errors ?? [];
  const message = error.message || (first instanceof Error && first.message) || error.name;
  // The arguments that Redis repeats may be a password, and MOVED tells another node's address.
  const [safe] = message.split(/,? with args beginning with| \S+:\d+$/);
  return safe!.replace(/\s+/g, ' ').trim().slice(0, MAX_CAUSE_LENGTH);
}
