/** Runs in a page: tries what a browser sends without a preflight request. */
globalThis.run = async ({ url }) => {
  const told = (request) =>
    request.then(
      async (response) => `${response.type} ${await response.text()}`,
      (error) => error.name,
    );
  const body = JSON.stringify({ query: '{ __typename }' });
  const script = Object.assign(document.createElement('script'), { src: `${url}/healthz` });
  const loaded = new Promise((resolve) => {
    script.onload = () => resolve('loaded');
    script.onerror = () => resolve('refused');
    document.head.append(script);
  });
  return [
    await told(fetch(`${url}/graphql`, { method: 'POST', body, credentials: 'include' })),
    await told(fetch(`${url}/graphql?query={__typename}`)),
    await told(fetch(`${url}/healthz`)),
    await told(fetch(`${url}/healthz`, { mode: 'no-cors' })),
    await loaded,
  ];
};
