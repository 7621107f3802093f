import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const SCRIPT = resolve(__dirname, '../../dist/scripts/new-epoch.js');
export const UUID = /^[0-9a-f-]{36}\n$/;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function beginEpoch(env: Record<string, string>): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [SCRIPT], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
  });
}
