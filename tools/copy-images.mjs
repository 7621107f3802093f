/** Copies the screenshots that the documentation shows, as the browser tests have left them. */
import { copyFileSync } from 'node:fs';

const IMAGES = {
  light: 'demo-light',
  dark: 'demo-dark',
  phone: 'demo-phone',
  'light-countered': 'demo-countered',
  'light-cut': 'demo-cut',
  'light-catching-up': 'demo-catching-up',
  graphiql: 'graphiql',
};

for (const [name, image] of Object.entries(IMAGES))
  copyFileSync(`.screenshots/${name}.png`, `docs/images/${image}.png`);
