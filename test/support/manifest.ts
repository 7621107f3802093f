import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OperationDefinitionNode, parse } from 'graphql';
import { createFolder, type TemporaryFolder } from './services.folder';

let folder: Promise<TemporaryFolder> | null = null;

export const sha256 = (text: string) => hashOf('sha256', text);

export function hashOf(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** A manifest in Apollo's format, of texts by id. */
export function apolloManifest(texts: Record<string, string>): object {
  const operations = Object.entries(texts).map(([id, body]) => {
    const [operation] = parse(body).definitions as OperationDefinitionNode[];
    return { id, name: operation!.name!.value, type: operation!.operation, body };
  });
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}

/** A manifest in the format of codegen, of texts by their hashes. */
export function hashManifest(texts: readonly string[], algorithm = 'sha1'): object {
  return Object.fromEntries(texts.map((text) => [hashOf(algorithm, text), text]));
}

/** Writes manifests, and returns the value of `PERSISTED_OPERATIONS` that names their files. */
export async function writeManifests(...manifests: readonly unknown[]): Promise<string> {
  folder ??= createFolder('manifests');
  const { path } = await folder;
  const files = manifests.map(async (manifest) => {
    const file = join(path, `${randomUUID()}.json`);
    await writeFile(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    return file;
  });
  return (await Promise.all(files)).join(',');
}
