/**
 * Ends the process with one line when this Node is too old. It is the first import of each program,
 * because an old Node may already fail at the syntax of the next one. So this file, and the files
 * that import it, are written without syntax that is newer than Node 8.
 */

/** The same as in `engines` of package.json. */
const LEAST = '20.19';

const [major, minor] = process.versions.node.split('.').map(Number);
const [leastMajor, leastMinor] = LEAST.split('.').map(Number);
if (major! < leastMajor! || (major === leastMajor && minor! < leastMinor!)) {
  process.stderr.write(
    `parley: Node ${process.versions.node} is too old: ${LEAST} or newer is needed\n`,
  );
  process.exit(1);
}
