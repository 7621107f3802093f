/** The events of a browser's window and document, at which a client may have its network again. */
const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const globals = {
  document: page,
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
};

/** Gives this process the events of a page, for the clients that are created from now on. */
export function openPage(): void {
  Object.assign(globalThis, globals);
}

export function closePage(): void {
  for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
}

/** Tells the clients of an event, such as `online`. */
export function tellPage(event: string): void {
  page.dispatchEvent(new Event(event));
}

/** Shows or hides the page. */
export function setVisible(isVisible: boolean): void {
  page.visibilityState = isVisible ? 'visible' : 'hidden';
  tellPage('visibilitychange');
}
