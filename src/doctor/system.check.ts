import { readFileSync } from 'node:fs';
import { type Config, unknownSettings } from '../config';
import { type Finding, ok, warning } from './finding';

const RECOMMENDED_NODE = 24;
/** Each WebSocket of a node takes one. */
const ENOUGH_DESCRIPTORS = 10_000;

/** Looks at the settings as a whole, at Node, and at the limits of the process. */
export function checkSystem(config: Config): Finding[] {
  return [checkSettings(config), ...unknownSettings().map(unknown), checkNode(), ...checkLimits()];
}

function checkSettings({ production, auth }: Config): Finding {
  if (!production)
    return ok('the settings are valid, for development: production refuses its secrets');
  if (auth.serviceSecret === null && auth.servicePublicKeys === null)
    return warning(
      'the settings are valid for production, without JWT_SERVICE_SECRET and ' +
        'JWT_SERVICE_PUBLIC_KEY: the operations of the platform are off',
    );
  return ok('the settings are valid for production');
}

function unknown(name: string): Finding {
  return warning(`${name}: is no setting, and is ignored`);
}

/** An older Node than the least one has ended the process already. */
function checkNode(): Finding {
  const { node } = process.versions;
  const major = Number.parseInt(node, 10);
  return ok(
    `Node ${node}${major === RECOMMENDED_NODE ? '' : `; ${RECOMMENDED_NODE} is recommended`}`,
  );
}

/** Finds nothing where the system does not tell, as outside of Linux. */
function checkLimits(): Finding[] {
  const limit = descriptorLimit();
  if (limit === null) return [];
  const text = `the limit of open files is ${limit}, and each WebSocket takes one`;
  return [limit < ENOUGH_DESCRIPTORS ? warning(`${text}: raise it (ulimit -n)`) : ok(text)];
}

/** Returns the hard limit, to which Node raises the soft one at its start. */
function descriptorLimit(): number | null {
  try {
    const text = readFileSync('/proc/self/limits', 'utf8');
    const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(text)!;
    return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
  } catch {
    return null;
  }
}
