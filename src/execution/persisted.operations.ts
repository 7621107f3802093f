/**
 * The operations of the manifests that the node was started with. Clients name them by an id
 * instead of sending their text.
 *
 * Each text is parsed, validated and held against the limits once, at the start. Its document is
 * kept as long as the node runs, whatever else is asked of it. A mistake in a manifest stops the
 * start, because the operation that has it would fail for every user.
 */
import { readFile, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { ConfigError } from '../errors';
import { reasonOf } from '../runtime/blame';
import { type ComplexityLimits, checkLeastComplexity } from './complexity';
import {
  describeEntry,
  type ManifestEntry,
  ManifestError,
  parseManifest,
  sha256Of,
} from './manifest';
import type { Documents } from './operation';

const SETTING = 'PERSISTED_OPERATIONS';
/** Operations that are checked in one turn of the event loop. A signal is heard between two. */
const CHECKED_IN_A_TURN = 20;
const MAX_REASON_LENGTH = 500;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** The checks that the operations have to pass. */
export interface ManifestChecks {
  schema: GraphQLSchema;
  /** Keeps the documents. */
  documents: Documents;
  limits: ComplexityLimits;
}

export class PersistedOperations {
  static readonly NONE = new PersistedOperations();

  /** Texts by the ids of the manifests, and by their SHA-256 hashes. */
  private readonly texts = new Map<string, string>();
  private readonly operationNames = new Set<string>();

  private constructor() {}

  /**
   * Reads the manifests, and checks their operations.
   *
   * @throws {ConfigError} for the first mistake; it names the setting, the file and the operation
   */
  static async load(
    files: readonly string[],
    checks: ManifestChecks,
  ): Promise<PersistedOperations> {
    const operations = new PersistedOperations();
    for (const file of files)
      try {
        await operations.add(parseManifest(await read(file)), checks);
      } catch (error) {
        const reason = reasonOf(error).slice(0, MAX_REASON_LENGTH);
        const shown = JSON.stringify(file).slice(1, -1);
        throw new ConfigError(`${SETTING}: ${shown}: ${reason}`, { cause: error });
      }
    operations.nameByHashes();
    return operations;
  }

  /** The names of all operations. */
  get names(): ReadonlySet<string> {
    return this.operationNames;
  }

  /**
   * Returns the text of an operation.
   *
   * @param id as the manifest has it, letter for letter, or the SHA-256 hash of the text
   */
  textOf(id: string): string | undefined {
    return this.texts.get(id);
  }

  private async add(entries: readonly ManifestEntry[], checks: ManifestChecks): Promise<void> {
    for (const [index, entry] of entries.entries()) {
      if (index % CHECKED_IN_A_TURN === 0) await nextTurn();
      try {
        this.addEntry(entry, checks);
      } catch (error) {
        const named = describeEntry(entry.id, entry.declared?.name);
        throw new ManifestError(`${named}: ${reasonOf(error)}`, { cause: error });
      }
    }
  }

  private addEntry({ id, text, declared }: ManifestEntry, checks: ManifestChecks): void {
    const known = this.texts.get(id);
    if (known !== undefined && known !== text)
      throw new ManifestError('the id stands for two texts');
    const { document, errors } = checks.documents.pin(text);
    if (errors) throw errors[0];
    const operations = operationsIn(document);
    if (declared && !operations.some((one) => isDeclared(one, declared)))
      throw new ManifestError(`its text has no ${declared.type} of this name`);
    for (const operation of operations) {
      checkLeastComplexity(checks.schema, document, operation, checks.limits);
      if (operation.name) this.operationNames.add(operation.name.value);
    }
    this.texts.set(id, text);
  }

  /** Once all ids are known: an id of a manifest comes before a hash. */
  private nameByHashes(): void {
    for (const text of [...this.texts.values()]) {
      const hash = sha256Of(text);
      if (!this.texts.has(hash)) this.texts.set(hash, text);
    }
  }
}

/** Reads a manifest. A pipe or a device might never end. */
async function read(file: string): Promise<string> {
  const stats = await stat(file);
  if (!stats.isFile()) throw new ManifestError('is no file');
  if (stats.size > MAX_FILE_BYTES) throw new ManifestError(`has more than ${MAX_FILE_BYTES} bytes`);
  return readFile(file, 'utf8');
}

function operationsIn({ definitions }: DocumentNode): OperationDefinitionNode[] {
  return definitions.filter((one) => one.kind === 'OperationDefinition');
}

function isDeclared(
  { operation, name }: OperationDefinitionNode,
  declared: { type: string; name: string },
): boolean {
  return operation === declared.type && name?.value === declared.name;
}
