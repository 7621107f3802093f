import './react.page';
import type { Outbox, ParleyClient } from '@parley/client';
import { ParleyProvider } from '@parley/client/react';
import { createElement as h, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

/** A hook in a component that React renders. */
export interface Hooked<Value> {
  /** The value that the hook returned last. */
  readonly current: Value;
  /** Each value that it returned. */
  readonly values: readonly Value[];
  unmount(): void;
}

export interface HookOptions {
  client: ParleyClient;
  outbox?: Outbox;
  pageSize?: number;
  isStrict?: boolean;
}

/** Renders elements below a provider, then others in their place, perhaps with another client. */
export function rendered(options: HookOptions, first: ReactNode) {
  const { isStrict = false, ...props } = options;
  const root = createRoot(document.createElement('div'));
  const provide = (client: ParleyClient, node: ReactNode) => {
    const provider = h(ParleyProvider, { ...props, client }, node);
    root.render(isStrict ? h(StrictMode, null, provider) : provider);
  };
  const render = (node: ReactNode) => provide(options.client, node);
  render(first);
  return { render, provide, unmount: () => root.unmount() };
}

/** Calls a hook in a component until it is unmounted. */
export function hooked<Value>(options: HookOptions, use: () => Value): Hooked<Value> {
  const values: Value[] = [];
  function Component() {
    values.push(use());
    return null;
  }
  const { unmount } = rendered(options, h(Component));
  return {
    values,
    get current() {
      if (values.length === 0) throw new Error('It is not rendered yet.');
      return values.at(-1)!;
    },
    unmount,
  };
}
