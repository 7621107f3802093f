/** What the editor needs of its page. Its workers are files of this server; the build names them. */
import type { Environment } from 'monaco-editor';

declare const WORKERS: Readonly<Record<string, string>>;

const environment: Environment = {
  getWorker: (_id, label) =>
    new Worker(new URL(WORKERS[label] ?? WORKERS.editor!, import.meta.url)),
};
Object.assign(globalThis, { MonacoEnvironment: environment });

// An editor that closes cancels what it had still to do, and leaves some of these rejections alone.
addEventListener('unhandledrejection', (event) => {
  if ((event.reason as Error | undefined)?.name === 'Canceled') event.preventDefault();
});
