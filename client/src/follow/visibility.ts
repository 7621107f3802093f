/** Returns true while the document is visible, and where there is none. */
export function isVisible(): boolean {
  return typeof document === 'undefined' || document.visibilityState === 'visible';
}

/** Calls the listener when the document is shown or hidden. Returns a function that ends it. */
export function onVisibility(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const page = document;
  page.addEventListener('visibilitychange', listener);
  return () => page.removeEventListener('visibilitychange', listener);
}
