import type { Page } from './page';

/** The query that the page shows at first. */
const WELCOME = `# Put a token into "Headers" below:   { "Authorization": "Bearer ..." }
# npm start prints one for each demo user, npm run token -- alice any time.

{
  me {
    id
    username
  }
  conversations {
    nodes {
      id
      subject
      lastSequence
    }
  }
}
`;

/** The page's own fetcher is not used, and needs one. */
const ANY_ENDPOINT = '/';
const RENDER_CALL = 'YogaGraphiQL.renderYogaGraphiQL(';

/** Sources of what the page has in itself: its styles, its images, its fonts and its workers. */
const SOURCES = {
  // The editor makes styles as it goes, and lays out each line by an attribute.
  'style-src': ["'unsafe-inline'"],
  'img-src': ['data:'],
  'font-src': ['data:'],
  'worker-src': ['blob:'],
};

/**
 * Returns GraphiQL as one HTML page that loads nothing from elsewhere. The page gets a fetcher that
 * sends the headers of its editor with every HTTP request and in `connection_init` of the
 * WebSocket. The page's own fetcher does not send them over the WebSocket.
 *
 * @param endpoint the path of the API relative to the page's, as a proxy may put both below a path
 * @throws {Error} when the page's script does not have the expected form
 */
export function graphiqlPage(path: string, endpoint: string): Page {
  // Loaded here and not with this file: it takes 32 MB of memory, which production does without.
  const { renderGraphiQL } =
    require('@graphql-yoga/render-graphiql') as typeof import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Parley',
    endpoint: ANY_ENDPOINT,
    defaultQuery: WELCOME,
  });
  const at = page.lastIndexOf(RENDER_CALL);
  if (at < 0) throw new Error('GraphiQL renders itself in another way than this page knows.');
  const render = page
    .slice(at)
    .replace(/\{/, `{"fetcher":fetchFrom(endpointBeside(${JSON.stringify(endpoint)})),`);
  const html = `${page.slice(0, at)}${FETCHER}\n${render}`.replace(/"endpoint":"[^"]*",?/, '');
  return { path, html, sources: SOURCES };
}

/**
 * The fetcher's source. It runs in the browser: HTTP for queries and mutations, a WebSocket with
 * graphql-transport-ws for each subscription. It reads the operations from the text itself, since
 * GraphiQL's own reading of it, names included, is late when a text is run as soon as it is pasted.
 */
const FETCHER = `
function endpointBeside(name) {
  return new URL(name, location.origin + location.pathname.replace(/\\/+$/, '')).href;
}

function operationsIn(query) {
  const token = /"""(?:\\\\"""|[^])*?"""|"(?:\\\\.|[^"\\\\\\n])*"|#[^\\n\\r]*|[_A-Za-z]\\w*|[^]/g;
  const definitions = [];
  let depth = 0;
  let isBegun = false;
  let previous = '';
  for (const text of query.match(token) || []) {
    if (/^[\\s,#"\\ufeff]/.test(text)) continue;
    const definition = definitions.at(-1);
    if (!isBegun) definitions.push({ type: text === '{' ? 'query' : text, name: '' });
    else if (depth === 0 && previous === definition.type && /^\\w/.test(text))
      definition.name = text;
    if ('{[('.includes(text)) depth++;
    if ('}])'.includes(text)) depth--;
    isBegun = text !== '}' || depth > 0;
    previous = text;
  }
  return definitions.filter(({ type }) => type !== 'fragment');
}

function fetchFrom(endpoint) {
  const lowerCased = (headers) =>
    Object.fromEntries(
      Object.entries(headers || {}).map(([name, value]) => [name.toLowerCase(), value]));

  async function request(params, headers) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(params),
    });
    return response.json();
  }

  async function* follow(params, headers) {
    const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const frames = [];
    let wake = () => {};
    const keep = (frame) => { frames.push(frame); wake(); };
    const say = (frame) => socket.send(JSON.stringify(frame));
    socket.onopen = () => say({ type: 'connection_init', payload: headers });
    socket.onmessage = ({ data }) => keep(JSON.parse(data));
    socket.onclose = ({ code, reason }) => keep({ type: 'closed', code, reason });
    try {
      for (;;) {
        while (frames.length === 0) await new Promise((resolve) => { wake = resolve; });
        const { type, payload, code, reason } = frames.shift();
        if (type === 'connection_ack') say({ type: 'subscribe', id: '1', payload: params });
        if (type === 'ping') say({ type: 'pong' });
        if (type === 'next') yield payload;
        if (type === 'error') yield { errors: payload };
        if (type === 'closed')
          yield { errors: [{ message: 'The socket was closed: ' + code + ' ' + reason }] };
        if (type === 'error' || type === 'complete' || type === 'closed') return;
      }
    } finally {
      socket.close();
    }
  }

  return ({ query, variables, operationName }, options) => {
    const headers = lowerCased(options && options.headers);
    const operations = operationsIn(query);
    const named = operations.find(({ name }) => name === operationName);
    const wanted = { query, variables, operationName: (named && named.name) || undefined };
    const { type } = named || operations[0] || {};
    return type === 'subscription' ? follow(wanted, headers) : request(wanted, headers);
  };
}`;
