import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { getSchema } from '../graphql/schema';

/** Writes the schema that the resolvers make, for clients, codegen and review. */
const target = process.argv[2] ?? 'schema.graphql';
writeFileSync(target, `${printSchema(lexicographicSortSchema(getSchema()))}\n`);
