import type { RequestOptions } from '../client/operation.js';
import { LiveSource } from './live.source.js';
import type { Paged } from './state.js';

/** The number of nodes that one request asks for. */
export const PAGE_SIZE = 20;

export interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** A list that is loaded page by page. After an outage as much is fetched as was loaded. */
export abstract class PagedSource<
  State extends Paged,
  Node,
  Fetched extends Page<Node>,
> extends LiveSource<State> {
  private cursor: string | null = null;
  /** Counts the loads of everything, after which a page that was asked for before is void. */
  private loads = 0;
  /** The page that is being fetched; null when there is none. */
  protected more: Promise<void> | null = null;

  protected abstract readonly nodes: readonly Node[];
  protected abstract fetchPage(after: string | null, options: RequestOptions): Promise<Fetched>;
  /** Shows these nodes in place of all others, with what came while they were being fetched. */
  protected abstract show(nodes: Node[], hasMore: boolean): void;

  loadMore(): Promise<void> {
    this.more ??= this.fetchMore().finally(() => {
      this.more = null;
    });
    return this.more;
  }

  /** @returns the first page, or null when the signal has ended it */
  protected async fetchPages(signal: AbortSignal): Promise<Fetched | null> {
    const first = await this.fetchPage(null, { signal });
    const nodes = [...first.nodes];
    let { pageInfo } = first;
    while (pageInfo.hasNextPage && nodes.length < this.nodes.length) {
      const page = await this.fetchPage(pageInfo.endCursor ?? null, { signal });
      nodes.push(...page.nodes);
      ({ pageInfo } = page);
    }
    if (signal.aborted) return null;
    this.loads++;
    this.take(nodes, pageInfo);
    return first;
  }

  private async fetchMore(): Promise<void> {
    const { loads } = this;
    if (!this.state.hasMore) return;
    const { nodes, pageInfo } = await this.fetchPage(this.cursor, {});
    if (loads === this.loads) this.take([...this.nodes, ...nodes], pageInfo);
  }

  private take(nodes: Node[], { hasNextPage, endCursor }: Fetched['pageInfo']): void {
    this.cursor = endCursor ?? this.cursor;
    this.show(nodes, hasNextPage);
  }
}
