/** Runs in a page of ours: does what a script of an attacker would do there. */
globalThis.run = async ({ foreign }) => {
  const add = (name, properties) =>
    document.body.append(Object.assign(document.createElement(name), properties));
  add('script', { textContent: 'globalThis.injected = 1' });
  add('script', { src: `${foreign}/script.js` });
  add('script', { src: 'data:text/javascript,globalThis.injected=2' });
  add('img', { src: `${foreign}/image.png` });
  add('link', { rel: 'stylesheet', href: `${foreign}/style.css` });
  add('iframe', { src: foreign });
  add('object', { data: foreign });
  add('base', { href: foreign });
  add('div', { innerHTML: '<img src="data:," onerror="globalThis.injected = 3">' });
  new FontFace('other', `url(${foreign}/font.woff2)`).load().catch(() => undefined);
  fetch(foreign).catch(() => undefined);
  navigator.sendBeacon(`${foreign}/beacon`, 'x');
  const form = Object.assign(document.createElement('form'), { action: foreign, method: 'POST' });
  document.body.append(form);
  form.submit();
  const tries = [
    () => new WebSocket(foreign.replace('http', 'ws')),
    () => new Worker('data:text/javascript,postMessage(1)'),
    // biome-ignore lint/security/noGlobalEval: the policy has to forbid it.
    () => globalThis.eval('globalThis.injected = 4'),
    () => new Function('globalThis.injected = 5')(),
  ];
  // A function that a debugger calls may evaluate text. One that a timer calls may not.
  await new Promise((resolve) => {
    setTimeout(() => {
      for (const one of tries)
        try {
          one();
        } catch {}
      setTimeout(resolve, 1_000);
    });
  });
  return globalThis.injected ?? null;
};
