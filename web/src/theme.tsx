import { useEffect, useState } from 'react';
import { Icon, type IconName } from './icons';

const THEMES = [
  ['system', 'screen', 'As the system'],
  ['light', 'sun', 'Light'],
  ['dark', 'moon', 'Dark'],
] as const satisfies readonly (readonly [string, IconName, string])[];
type Theme = (typeof THEMES)[number][0];

const KEY = 'parley-theme';

/** The choice of a theme, which is remembered. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The browser keeps nothing. The choice holds for this visit.
    }
  }, [theme]);
  return (
    <fieldset className="themes">
      <legend className="unseen">Theme</legend>
      {THEMES.map(([name, icon, label]) => (
        <label key={name} title={label}>
          <input
            type="radio"
            name="theme"
            className="unseen"
            checked={theme === name}
            onChange={() => setTheme(name)}
          />
          <Icon name={icon} />
          <span className="unseen">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find(([name]) => name === kept)?.[0] ?? 'system';
  } catch {
    return 'system';
  }
}
