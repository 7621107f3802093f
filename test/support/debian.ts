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
install "$1" || { apt-get update && install "$1"; }
# Where a policy existed that allowed it after all; and not at the next boot either.
service "$1" stop || true
update-rc.d "$1" disable || true
`;

/**
 * Makes sure that there is a server's program, if need be and allowed by installing Debian's.
 *
 * @param name of the program and of its package, which are the same
 * @throws {Error} one line that says what to install
 */
export function installProgram(name: string): void {
  if (isInstalled(name)) return;
  const canInstall = process.getuid?.() === 0 && isInstalled('apt-get');
  if (!canInstall)
    throw new Error(`There is no ${name}: apt-get install ${name}, or brew install it.`);
  try {
    // Two runs at the same time: the second waits and finds it installed.
    const lock = join(tmpdir(), `${name}.install.lock`);
    execFileSync('flock', [lock, 'sh', '-c', INSTALL, 'sh', name], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALL_TIMEOUT_MS,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = stderr?.trim().split('\n').at(-1) || String(error);
    throw new Error(`There is no ${name} and apt-get install ${name} failed: ${reason}`);
  }
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
