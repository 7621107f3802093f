// The balancer of `balancer.ts`, on a thread of its own. Its data are the urls of the targets; it says
// `{ port }` when it listens, `{ ready }` (the indexes) after each round of checks, and `{ refused }`.
const { connect, createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');

const CHECK_INTERVAL_MS = 1_000;
/** A target that is so long silent is not ready. On a busy machine a second says nothing. */
const CHECK_TIMEOUT_MS = 5_000;

const { urls } = workerData;
const ready = new Set();
const asked = new Set();
let turn = 0;

async function check(index) {
  // One question at a time, so that a late answer cannot undo a later one.
  if (asked.has(index)) return;
  asked.add(index);
  if (await answers(urls[index])) ready.add(index);
  else ready.delete(index);
  asked.delete(index);
  parentPort.postMessage({ ready: [...ready] });
}

async function answers(url) {
  try {
    const { status } = await fetch(`${url}/readyz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    return status === 200;
  } catch {
    return false;
  }
}

function checkAll() {
  for (const index of urls.keys()) void check(index);
}

function open(client) {
  prepare(client);
  const index = [...urls.keys()].filter((one) => ready.has(one))[turn++ % ready.size];
  if (index === undefined) {
    refuse('no target is ready');
    client.destroy();
    return;
  }
  const upstream = connect(Number(new URL(urls[index]).port), '127.0.0.1');
  prepare(upstream);
  let isOpen = false;
  upstream.once('connect', () => {
    isOpen = true;
  });
  upstream.once('close', () => {
    if (!isOpen) refuse(`target ${index} does not accept connections`);
    client.destroy();
  });
  client.once('close', () => upstream.destroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

function prepare(socket) {
  socket.setNoDelay();
  socket.on('error', () => {});
}

function refuse(reason) {
  parentPort.postMessage({ refused: reason });
}

const server = createServer(open);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  parentPort.postMessage({ port: server.address().port }),
);
checkAll();
setInterval(checkAll, CHECK_INTERVAL_MS);
