import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Returns a function that returns a valid token: the given one, or one that is made anew.
 *
 * @param {{ userId: string, token: string | undefined }} options
 */
export function tokensOf({ userId, token }) {
  if (token) return () => token;
  /** @type {string | null} */
  let unused = mint(userId);
  return () => {
    const minted = unused ?? mint(userId);
    unused = null;
    return minted;
  };
}

/**
 * Makes a token as `npm run token` does, with the secret of this machine's settings.
 *
 * @param {string} userId
 */
function mint(userId) {
  const script = fileURLToPath(new URL('../dist/scripts/token.js', import.meta.url));
  try {
    const args = [script, userId, '--expires-in', '3600'];
    return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    const { stderr } = /** @type {{ stderr?: string }} */ (error);
    const [line = ''] = (stderr ?? '').replace(/^parley: /, '').split('\n');
    throw new Error(`no token could be made, "--token" gives one: ${line}`);
  }
}
