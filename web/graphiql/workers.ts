/** The workers of the editor, as files of this server. The build gives their names, by label. */
import type { Environment } from 'monaco-editor';

declare const WORKERS: Readonly<Record<string, string>>;

const environment: Environment = {
  getWorker: (_id, label) =>
    new Worker(new URL(WORKERS[label] ?? WORKERS.editor!, import.meta.url)),
};
Object.assign(globalThis, { MonacoEnvironment: environment });
