import type { ReturningMember } from './returner';
import type { Protocol, Selection } from './session';

/** One subscriber. */
export interface Member {
  userId: string;
  conversationId: string;
  /** Default null: from now on. */
  after?: number | null;
}

export interface OpenInput {
  protocol: Protocol;
  port: number;
  members: readonly Member[];
  /** Default `plain`. */
  selection?: Selection;
  /** Default true. False: they only connect. */
  subscribe?: boolean;
}

/** Everything that was sent within a window, and delivered to everybody: the queues are empty at its end. */
export interface Delivered {
  events: number;
  deliveries: number;
  elapsedMs: number;
  /** CPU of the load itself, to show that it was not the limit. */
  loadCpuUs: number;
  /** From an event's start to its deliveries, as far as the command says. */
  p50Ms: number;
  p99Ms: number;
}

/** What was sent at a rate. */
export interface Spread extends Delivered {
  /** From the last message's start until everything had arrived. */
  drainMs: number;
  /** Messages that were due while too many were under way. */
  leftOut: number;
}

export interface SendInput {
  /** Shared out among the lanes, so that no two send to one conversation at a time. */
  senders: readonly Member[];
  /** Messages under way at a time. */
  lanes: number;
  ms: number;
}

/** Messages that were sent one after the other in each lane, and answered. */
export interface Answered {
  messages: number;
  elapsedMs: number;
  loadCpuUs: number;
  p50Ms: number;
  p99Ms: number;
}

export interface ReturnersInput {
  protocol: 'graphql' | 'socket-io';
  /** The ports at which they gather, and to which they come back. */
  ports: readonly [number, number];
  members: readonly ReturningMember[];
  /** Over how long they begin to come back, evenly, as clients that wait for a random time. */
  spreadMs: number;
}

export interface TalkInput {
  /** Messages a second, each into another conversation. */
  rate: number;
  /** In each conversation. */
  devices: number;
}

/** What the load can do. */
export interface Commands {
  /** Connects and subscribes everybody. Resolves when all have asked for it. */
  open: { input: OpenInput; result: null };
  /** Says something in these conversations (default: in all) until each member has heard it, and so is subscribed. */
  probe: { input: { conversationIds?: readonly string[] }; result: null };
  /** Waits until everybody together has received so many deliveries since the connections were opened. */
  receive: { input: { deliveries: number }; result: { elapsedMs: number } };
  /** One conversation, one sender with a socket of their own: `burst` events in one write, the next when all are there. */
  fanout: { input: { sender: Member; ms: number; burst: number }; result: Delivered };
  /** Many conversations of `devices` members each, who follow each other: messages a second, each from another device. */
  pairs: { input: { rate: number; ms: number; devices: number }; result: Spread };
  /** Those who are connected subscribe one after the other from `after` on, each when the last one has all `events`. */
  replay: { input: { after: number; events: number }; result: { elapsedMs: number } };
  /** Asks the same over HTTP, one request after the other. */
  query: {
    input: { port: number; userId: string; query: string; variables: object; times: number };
    result: { p50Ms: number; p99Ms: number };
  };
  /** Sends over the sockets of those who are connected, who are the senders. */
  sendOverSockets: { input: SendInput; result: Answered };
  /** Sends over HTTP, a kept connection a lane. */
  sendOverHttp: { input: SendInput & { port: number }; result: Answered };
  /** Has the database do alone what a server has it do: the same call, prepared and named, a connection a lane. */
  sendToDatabase: { input: SendInput & { databaseUrl: string }; result: Answered };
  /** Begins to ask the same over HTTP, so many times a second, by turns as each of some people. */
  beginAsking: {
    input: {
      port: number;
      userIds: readonly string[];
      query: string;
      variables: object;
      rate: number;
    };
    result: null;
  };
  /** Ends it when everything is answered. */
  endAsking: { input: null; result: { p50Ms: number; p99Ms: number; refused: number } };
  /** Members stand in groups of `devices`, as in `pairs`. They talk until `endTalk`; resolves when they have begun. */
  beginTalk: { input: TalkInput; result: null };
  /** Figures of the messages that were sent between two moments (epoch, ms), and of those before. */
  endTalk: {
    input: { fromAt: number; untilAt: number };
    result: {
      deliveries: number;
      p50Ms: number;
      p99Ms: number;
      maxMs: number;
      p99BeforeMs: number;
      /** Messages that were answered with an error. */
      refused: number;
    };
  };
  /** Connects people, who come back when their connection is lost. Resolves when each has all that it asked for. */
  gather: { input: ReturnersInput; result: null };
  /**
   * Resolves when each of them was lost and has everything again. `lastLiveAt` (epoch, ms) is when the last one had it.
   * `furtherLosses` counts connections that were lost after that, with the last reason.
   */
  returned: {
    input: null;
    result: {
      lastLiveAt: number;
      furtherLosses: number;
      reason: string;
      /** Subscriptions that were refused as UNAVAILABLE, and asked for again. */
      refusals: number;
      loadCpuUs: number;
    };
  };
  /** Ends all connections; resolves when the sockets are closed on this side. */
  close: { input: null; result: null };
}

export type Answer = { result: unknown } | { error: string };
