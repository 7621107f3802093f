/** A page for React to render into. It has to be imported before React's renderer. */
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('', { url: 'http://localhost/', pretendToBeVisual: true });
const { document, navigator } = window;
const globals = {
  window,
  document,
  ...(typeof globalThis.navigator === 'undefined' && { navigator }),
};
Object.assign(globalThis, globals);

afterAll(() => {
  for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  window.close();
});
