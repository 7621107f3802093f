/** Runs in a page: asks by HTTP, with all that a client may send, and by a WebSocket. */
globalThis.run = async ({ url, token }) => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'apollo-require-preflight': 'true',
    'x-request-id': 'from-a-page',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const body = JSON.stringify({ query: '{ me { id } }' });
  const http = await fetch(`${url}/graphql`, { method: 'POST', headers, body }).then(
    async (response) => [await response.json(), response.headers.get('x-request-id')],
    (error) => error.name,
  );
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const opened = await new Promise((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onclose = () => resolve(false);
  });
  socket.close();
  return [http, opened];
};
