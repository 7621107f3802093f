import '../runtime/node-version';
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { getSchema } from '../graphql/schema';

/** Writes the schema of the resolvers, sorted, for clients, code generation and review. */
const target = process.argv[2] ?? 'schema.graphql';
writeFileSync(target, `${printSchema(lexicographicSortSchema(getSchema()))}\n`);
