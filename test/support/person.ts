import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type FormattedExecutionResult, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { App } from '../../src/app/app';
import { EventStream } from './event-stream';

type Variables = Record<string, unknown>;
export type Answer<T> = FormattedExecutionResult<T, Record<string, unknown>>;

/** One device of one person: requests over HTTP, operations and subscriptions over one real graphql-ws socket. */
export class Person {
  /** What the last request's HTTP status was. */
  lastStatus = 0;
  private client: Client | null = null;
  private wire: WebSocket | null = null;
  /** What `connection_ack` said, once it came. */
  acknowledged: Record<string, unknown> | null = null;
  private readonly streams: EventStream<unknown>[] = [];

  constructor(
    readonly node: App,
    readonly id: string,
    readonly token: string | null,
    /** The user as whom a service token acts; null for the token's own caller. */
    private readonly onBehalfOf: string | null = null,
  ) {}

  /** Over HTTP; the answer as it comes, errors included. */
  async request<T, V extends Variables>(
    document: TypedDocumentNode<T, V>,
    variables: V,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.node.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...(this.onBehalfOf !== null && {
          'parley-on-behalf-of': encodeURIComponent(this.onBehalfOf),
        }),
        ...headers,
      },
      body: JSON.stringify({ query: print(document), variables }),
    });
    this.lastStatus = response.status;
    return (await response.json()) as Answer<T>;
  }

  /** Over HTTP; the data, and a failed test when there was any error. */
  async ask<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V): Promise<T> {
    const { data, errors } = await this.request(document, variables);
    if (errors || !data) throw new Error(`refused: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Over HTTP; the code of the first error, or null when it was answered. */
  async refusal<T, V extends Variables>(
    document: TypedDocumentNode<T, V>,
    variables: V,
  ): Promise<string | null> {
    const { errors } = await this.request(document, variables);
    return errors ? String(errors[0]!.extensions?.code) : null;
  }

  /** Over the socket, one answer. */
  async askSocket<T, V extends Variables>(
    document: TypedDocumentNode<T, V>,
    variables: V,
  ): Promise<Answer<T>> {
    return new Promise((resolve, reject) => {
      let answer: Answer<T> | undefined;
      this.socket().subscribe<T, Record<string, unknown>>(
        { query: print(document), variables },
        {
          next: (value) => {
            answer = value as Answer<T>;
          },
          error: (error) =>
            Array.isArray(error) ? resolve({ errors: error } as Answer<T>) : reject(error),
          complete: () => resolve(answer!),
        },
      );
    });
  }

  subscribe<T, V extends Variables>(
    document: TypedDocumentNode<T, V>,
    variables: V,
  ): EventStream<T> {
    const stream = new EventStream<T>((sink) =>
      this.socket().subscribe<T, Record<string, unknown>>(
        { query: print(document), variables },
        sink,
      ),
    );
    this.streams.push(stream as EventStream<unknown>);
    return stream;
  }

  /** This device's one socket, opened at the first use; it does not come back by itself. */
  socket(): Client {
    this.client ??= createClient({
      url: `${this.node.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: true,
      connectionParams: {
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...(this.onBehalfOf !== null && { onBehalfOf: this.onBehalfOf }),
      },
      onNonLazyError: () => {},
      on: {
        opened: (wire) => {
          this.wire = wire as WebSocket;
        },
        connected: (_wire, payload) => {
          this.acknowledged = payload ?? {};
        },
      },
    });
    return this.client;
  }

  /** Gone without a word, as when a page is reloaded or the network is lost: nothing is completed. */
  drop(): void {
    this.wire!.terminate();
  }

  async disconnect(): Promise<void> {
    for (const stream of this.streams) stream.stop();
    await this.client?.dispose();
    this.client = null;
  }
}
