/**
 * The connection of a graphql-ws client, as far as subscriptions with a position depend on it. It
 * only listens to the client's events; the socket stays graphql-ws' own.
 *
 * - **Away.** graphql-ws gives up a connection after some attempts. Subscriptions that it ends for
 *   that wait here together and are requested again at once: one attempt serves all of them. They
 *   are also requested as soon as the client is connected for another reason.
 * - **Epoch.** The server's acknowledgement names the epoch of its logs. A subscription whose
 *   position is from another one ends, before graphql-ws can request it again.
 * - **Silence.** A server that does not acknowledge in time, or from which nothing comes although
 *   it was pinged, is left: some networks lose a connection without a word to either side.
 */

import type { Client } from 'graphql-ws';
import { BackOff, FIRST_WAIT_MS, isRetriableClose } from './retry.js';

/** A subscription that depends on the connection. */
export interface Dependent {
  /** The epoch of its position; null while that is not known. */
  epoch: string | null;
  readonly backOff: BackOff;
  begin(): void;
  /** Ends it because its position is from another epoch. */
  endAtNewEpoch(): void;
  /** Completes it if the client does not know of it, because it waits to be requested again. */
  giveUpWaiting(): void;
}

export interface ConnectionOptions {
  /** Returns the wait after a number of refusals in a row, at least `leastMs`, in ms. */
  waitMs: (refusals: number, leastMs: number) => number;
  /** The time that the server may be silent before it is pinged, and then for its answer, in ms. */
  silenceMs: number;
}

/** The part of a WebSocket that a ping needs. */
interface Socket {
  send(data: string): void;
}

/** The time in which a server has to answer once the network may have changed, in ms. */
const WAKE_SILENCE_MS = 3_000;

export class Connection {
  /** The subscriptions with a position that have not ended. */
  readonly dependents = new Set<Dependent>();
  /** The epoch that the server named last; null before it did. */
  epoch: string | null = null;
  isConnected = false;
  isDisposed = false;
  private isConnecting = false;
  /** The subscriptions that are not with the client, because it gave the connection up. */
  private readonly away = new Set<Dependent>();
  private readonly backOff: BackOff;
  private wait: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;
  private heardAt = 0;
  /** The socket that is open; null while there is none. */
  private socket: Socket | null = null;
  private probe: ReturnType<typeof setTimeout> | null = null;
  /** The last error that the client told of as one of its connection. */
  private failure: { error: unknown } | null = null;

  constructor(
    private readonly client: Client,
    private readonly options: ConnectionOptions,
  ) {
    this.backOff = new BackOff(options.waitMs);
    client.on('connecting', () => this.connecting());
    client.on('opened', () => this.expectAcknowledgement());
    client.on('connected', (socket, acknowledgement) => {
      this.socket = socket as Socket;
      this.expectWords(this.socket);
      this.connected((acknowledgement as { logEpoch?: unknown } | undefined)?.logEpoch);
    });
    client.on('message', () => {
      this.heardAt = performance.now();
    });
    client.on('error', (error) => {
      this.failure = { error };
      this.lost();
    });
    client.on('closed', () => this.lost());
  }

  /** Tells the count of refusals that a request was made just now. */
  requested(backOff: BackOff): void {
    if (this.isConnecting) backOff.hang();
    else backOff.stand();
  }

  /** Returns true when the position of a subscription is from another epoch than the logs. */
  isStale(dependent: Dependent): boolean {
    const isKnown = this.isConnected && this.epoch !== null && dependent.epoch !== null;
    return isKnown && dependent.epoch !== this.epoch;
  }

  /** Returns true when `problem` is the end of a connection after which another may succeed. */
  isOutage(problem: unknown): boolean {
    if (typeof problem === 'object' && problem !== null && 'code' in problem && 'reason' in problem)
      return isRetriableClose(problem);
    // An error is one of the connection if the client told of it: its socket failed, the server's
    // words made no sense, or there were no credentials to be had. Others are the operation's own.
    return isRetriableClose(problem) || (this.failure !== null && problem === this.failure.error);
  }

  /** Requests the subscription again once the connection may be there again. */
  waitFor(dependent: Dependent): void {
    this.away.add(dependent);
    this.wait ??= setTimeout(() => this.beginAll(), this.backOff.nextMs(FIRST_WAIT_MS));
  }

  /** Returns true while a subscription waits for the connection. */
  isAway(dependent: Dependent): boolean {
    return this.away.has(dependent);
  }

  /** The subscription has ended. */
  forget(dependent: Dependent): void {
    this.dependents.delete(dependent);
    this.away.delete(dependent);
    if (this.away.size === 0) this.clearWait();
  }

  /** Nothing is requested again from now on, and what waits for that is completed. */
  dispose(): void {
    this.isDisposed = true;
    if (this.probe !== null) clearTimeout(this.probe);
    for (const dependent of [...this.dependents]) dependent.giveUpWaiting();
  }

  /** Something came: the next close is the first one. */
  progressed(): void {
    this.backOff.reset();
  }

  /**
   * The network may be there again, or another one. Requests again what waits for the connection,
   * and leaves one whose server does not answer a ping within 3 s.
   */
  wake(): void {
    if (this.away.size > 0) this.beginAll();
    if (this.probe !== null || this.isDisposed) return;
    const since = performance.now();
    this.socket?.send('{"type":"ping"}');
    if (this.socket === null && !this.isConnecting) return;
    this.probe = setTimeout(() => {
      this.probe = null;
      if (this.heardAt < since) this.client.terminate();
    }, WAKE_SILENCE_MS);
  }

  private connecting(): void {
    this.isConnecting = true;
    this.backOff.hang();
    for (const { backOff } of this.dependents) backOff.hang();
  }

  private connected(epoch: unknown): void {
    this.isConnecting = false;
    this.isConnected = true;
    this.backOff.stand();
    for (const { backOff } of this.dependents) backOff.stand();
    if (typeof epoch === 'string') this.epoch = epoch;
    try {
      endAll([...this.dependents].filter((dependent) => this.isStale(dependent)));
    } finally {
      for (const dependent of this.dependents) dependent.epoch ??= this.epoch;
      this.beginAll();
    }
  }

  private lost(): void {
    this.isConnecting = false;
    this.isConnected = false;
    this.backOff.fall();
    for (const { backOff } of this.dependents) backOff.fall();
    this.socket = null;
    for (const timer of [this.silence, this.probe]) if (timer !== null) clearTimeout(timer);
    this.silence = null;
    this.probe = null;
  }

  private beginAll(): void {
    this.clearWait();
    const away = [...this.away];
    this.away.clear();
    if (away.length > 0) this.requested(this.backOff);
    for (const dependent of away) dependent.begin();
  }

  private clearWait(): void {
    if (this.wait !== null) clearTimeout(this.wait);
    this.wait = null;
  }

  /** Terminates the socket when the server does not acknowledge in time. */
  private expectAcknowledgement(): void {
    this.watch(() => {
      if (this.dependents.size > 0) this.client.terminate();
      else this.expectAcknowledgement();
    }, this.options.silenceMs);
  }

  /** Pings the server when nothing comes, and terminates the socket when nothing comes then. */
  private expectWords(socket: Socket, isPinged = false): void {
    const since = performance.now();
    this.watch(() => {
      const isSilent = this.heardAt < since && this.dependents.size > 0;
      if (isSilent && isPinged) return this.client.terminate();
      if (isSilent) socket.send('{"type":"ping"}');
      this.expectWords(socket, isSilent);
    }, this.options.silenceMs);
  }

  private watch(look: () => void, ms: number): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = setTimeout(look, ms);
  }
}

/** Ends all of them, also when the application throws at one; then throws as it did. */
function endAll([dependent, ...others]: readonly Dependent[]): void {
  try {
    dependent?.endAtNewEpoch();
  } finally {
    if (others.length > 0) endAll(others);
  }
}
