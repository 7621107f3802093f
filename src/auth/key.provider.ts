/**
 * The keys that an identity provider publishes at a URL (JWKS).
 *
 * They are requested at the start, every 5 minutes, and when a token names a key that is not known.
 * Whatever tokens strangers send, the provider gets at most one request in 5 s from this node: all
 * who need a newer answer wait for the same one. A token of a known key waits for nothing.
 *
 * Promises:
 *
 * - An answer with at least one usable key replaces all keys. So a key that was rotated away is
 *   refused from then on.
 * - Any other answer, and none, leaves the keys as they are. The provider's outage refuses no token
 *   of a known key, however long it takes.
 * - A token of an unknown key is refused only by an answer to a request that was sent after the
 *   token came. While the provider gives none, it cannot be judged: UNAVAILABLE, so that its client
 *   tries again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, UnavailableError } from '../errors';
import type { PublicKeyAlgorithm } from '../input/public-key';
import type { Logger } from '../logger';
import type { PublishedKey } from './key-set';
import { KeySetError, requestKeySet } from './key-set.request';

/** The least time between two requests. */
const MIN_INTERVAL_MS = 5_000;
const REFRESH_INTERVAL_MS = 5 * 60_000;
/** The time until the next request when the last one failed. */
const RETRY_INTERVAL_MS = 10_000;
/** Tokens that may wait for an answer. Beyond it their clients are told to try again. */
const MAX_WAITING = 10_000;
/** The keys that are tried for one token. It bounds the cost of a forged token without `kid`. */
const MAX_TRIED = 8;
/** The characters of the keys' ids in a log line. */
const MAX_LOGGED = 300;

const ALGORITHM = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/;

/** The header of a token, as far as it chooses the key. */
export interface KeyChoice {
  alg: string;
  /** The id of its key; null for none. */
  kid: string | null;
}

export class KeyProvider {
  private keys: readonly PublishedKey[] = [];
  private lastTrouble: KeySetError | null = null;
  private requestedAtMs = Number.NEGATIVE_INFINITY;
  /** The request under way. */
  private current: Promise<void> | null = null;
  /** The request that comes after it. */
  private next: Promise<void> | null = null;
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** One entry for `/readyz` when the last request failed; names no address. */
  get degraded(): string[] {
    if (this.lastTrouble === null) return [];
    return [this.lastTrouble.lasting ? `keys: ${this.lastTrouble.message}` : 'keys'];
  }

  /**
   * Requests the keys. A provider that is away is not waited for: the node starts without its keys.
   *
   * @throws {ConfigError} when there is no such host, or it answers with something else
   */
  async start(): Promise<void> {
    await this.request();
    if (this.lastTrouble?.lasting)
      throw new ConfigError(`JWT_JWKS_URL: cannot be used (${this.lastTrouble.message})`);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stopping.abort();
  }

  /** Returns the keys by which a token may have been signed, of those that are known. */
  keysFor({ alg, kid }: KeyChoice): readonly PublishedKey[] {
    const fitting = this.keys.filter(({ algorithms }) => algorithms.includes(alg as never));
    const named = kid === null ? [] : fitting.filter(({ id }) => id === kid);
    if (named.length > 0) return named.slice(0, MAX_TRIED);
    return fitting.filter(({ id }) => kid === null || id === null).slice(0, MAX_TRIED);
  }

  /** Returns true when a newer answer may bring the key of a token that no known key has signed. */
  mayLearn({ alg, kid }: KeyChoice): boolean {
    if (!ALGORITHM.test(alg)) return false;
    return kid === null || !this.keys.some((one) => isNamed(one, kid, alg));
  }

  /**
   * Resolves when the provider has answered the request that is under way, if there is one.
   *
   * @throws {UnavailableError} when it gave no key set
   */
  async settled(): Promise<void> {
    if (this.current === null) return;
    await this.wait(this.current);
  }

  /**
   * Resolves when the provider has answered a request that was sent after this call.
   *
   * @throws {UnavailableError} when it gave no key set, or cannot be asked soon
   */
  async refresh(): Promise<void> {
    // While the provider is away, there is no use in waiting until it may be asked again.
    if (this.lastTrouble !== null && this.pauseMs > 0) throw this.unavailable();
    await this.wait(this.requestNext());
  }

  private get pauseMs(): number {
    return this.requestedAtMs + MIN_INTERVAL_MS - performance.now();
  }

  private async wait(answer: Promise<void>): Promise<void> {
    if (this.waiting >= MAX_WAITING) throw new UnavailableError();
    this.waiting++;
    await answer;
    this.waiting--;
    if (this.lastTrouble !== null) throw this.unavailable();
  }

  private unavailable(): UnavailableError {
    return new UnavailableError({ cause: this.lastTrouble });
  }

  /** All who come before the request is sent share it. Never rejects. */
  private requestNext(): Promise<void> {
    this.next ??= this.requestInTurn();
    return this.next;
  }

  private async requestInTurn(): Promise<void> {
    await this.current;
    if (this.pauseMs > 0)
      await delay(this.pauseMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    this.next = null;
    await this.request();
  }

  private async request(): Promise<void> {
    this.requestedAtMs = performance.now();
    this.current = this.take();
    await this.current;
    this.current = null;
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    const intervalMs = this.lastTrouble === null ? REFRESH_INTERVAL_MS : RETRY_INTERVAL_MS;
    this.timer = setTimeout(() => void this.requestNext(), intervalMs).unref();
  }

  /** Requests the key set, and takes its keys. Never rejects. */
  private async take(): Promise<void> {
    try {
      const keys = await requestKeySet(this.url, this.stopping.signal);
      const ids = idsOf(keys);
      if (this.lastTrouble !== null || ids !== idsOf(this.keys))
        this.logger.info(
          { ids: ids.slice(0, MAX_LOGGED), count: keys.length },
          'keys of tokens received',
        );
      this.keys = keys;
      this.lastTrouble = null;
    } catch (error) {
      const trouble = error as KeySetError;
      if (trouble.message !== this.lastTrouble?.message && !this.stopping.signal.aborted)
        this.logger.warn(
          { reason: trouble.message, known: this.keys.length },
          'keys of tokens not received, the known ones stay valid',
        );
      this.lastTrouble = trouble;
    }
  }
}

function isNamed({ id, algorithms }: PublishedKey, kid: string, alg: string): boolean {
  return id === kid && algorithms.includes(alg as PublicKeyAlgorithm);
}

function idsOf(keys: readonly PublishedKey[]): string {
  return keys.map(({ id }) => id ?? '').join(' ');
}
