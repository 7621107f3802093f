import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALL_TIMEOUT_MS = 180_000;

/** Debian starts a service when it installs one; a policy forbids that while we do. */
const INSTALL = `
set -e
command -v "$1" >/dev/null && exit 0
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$1"; }
install "$2" || { apt-get update && install "$2"; }
# Where a policy existed that allowed it after all; and not at the next boot either.
service "$2" stop || true
update-rc.d "$2" disable || true
`;

/**
 * Makes sure that there is a server's program, if need be and allowed by installing Debian's.
 *
 * @param name of the program
 * @param debian of its package
 * @throws {Error} one line that says what to install
 */
export function installProgram(name: string, debian = name): void {
  if (isInstalled(name)) return;
  const canInstall = process.getuid?.() === 0 && isInstalled('apt-get');
  if (!canInstall)
    throw new Error(`There is no ${name}: apt-get install ${debian}, or brew install it.`);
  try {
    // Two runs at the same time: the second waits and finds it installed.
    const lock = join(tmpdir(), `${name}.install.lock`);
    execFileSync('flock', [lock, 'sh', '-c', INSTALL, 'sh', name, debian], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALL_TIMEOUT_MS,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = stderr?.trim().split('\n').at(-1) || String(error);
    throw new Error(`There is no ${name} and apt-get install ${debian} failed: ${reason}`);
  }
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}
