import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

export interface ComposeService {
  image?: string;
  build?: string;
  environment?: Record<string, string>;
  command?: string[];
  volumes?: string[];
  ports?: string[];
  stop_grace_period?: string;
}

export const ROOT = resolve(__dirname, '../..');

/** docker-compose.yml, as it stands. */
export const COMPOSE = parse(readFileSync(resolve(ROOT, 'docker-compose.yml'), 'utf8')) as {
  services: Record<string, ComposeService>;
};

/** The services that run the image of this repository, by their names. */
export function nodesOf({ services }: typeof COMPOSE): Record<string, ComposeService> {
  return Object.fromEntries(Object.entries(services).filter(([, { build }]) => build === '.'));
}
