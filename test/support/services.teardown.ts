import './services.setup';

/** Stops what the setup started, and whatever tests forgot to stop; runs after failed tests too. */
export default async function stopServices(): Promise<void> {
  await Promise.all((globalThis.testServices ?? []).map((service) => service.stop()));
  globalThis.testFolder?.remove();
}
