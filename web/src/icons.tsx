/** The icons, as paths on a grid of 20. They are decoration: the control beside them has a name. */

const PATHS = {
  add: 'M10 4v12M4 10h12',
  back: 'M12 4l-6 6 6 6',
  bell: 'M5 8.500a5 5 0 0 1 10 0c0 4 1.5 5 1.5 5h-13s1.5-1 1.5-5M8.5 16.500a1.7 1.7 0 0 0 3 0',
  block: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M5 5l10 10',
  check: 'M4 10.500l4 4 8-9',
  checks: 'M1.5 10.500l4 4 8-9M10 14.500l.5.5 8-9',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.200l2.7 1.8',
  close: 'M5 5l10 10M15 5L5 15',
  cut: 'M3 3l14 14M8.5 12.500a2.5 2.5 0 0 1 3.3.200M5.5 9.500a6.5 6.5 0 0 1 3-1.700M12.5 8.200a6.5 6.5 0 0 1 2 1.300M3 6.500a10 10 0 0 1 2.7-1.800M9 3.800a10 10 0 0 1 8 2.700M10 16h.01',
  down: 'M5 8l5 5 5-5',
  edit: 'M4 16l.8-3.200L13 4.600a1.7 1.7 0 0 1 2.4 2.400l-8.2 8.200L4 16',
  eye: 'M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.500S2 10 2 10M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4',
  moon: 'M16.5 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.5 8.5',
  offer: 'M3 7h12l-3-3M17 13H5l3 3',
  online:
    'M8.5 12.500a2.5 2.5 0 0 1 3 0M5.5 9.500a6.5 6.5 0 0 1 9 0M3 6.500a10 10 0 0 1 14 0M10 16h.01',
  screen: 'M3 4h14v9.500H3zM7 17h6M10 13.500V17',
  send: 'M3.5 10L16.5 4l-4.5 12.5-2.8-5.200z',
  sun: 'M10 6.500a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v1.500M10 16.500V18M2 10h1.500M16.5 10H18M4.3 4.300l1 1M14.7 14.700l1 1M4.3 15.700l1-1M14.7 5.300l1-1',
  traffic: 'M6 16V4M3 7l3-3 3 3M14 4v12M11 13l3 3 3-3',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10.500h7.600L14.5 6M8.5 9v4.500M11.5 9v4.5',
  warn: 'M10 3.500l7.5 13h-15zM10 8.500v3.500M10 14.500h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button that shows an icon alone. Its label is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  children,
  ...rest
}: { icon: IconName; label: string } & React.ComponentProps<'button'>) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

/** The mark of the product. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path
        className="mark-front"
        d="M7 12.500A4.5 4.5 0 0 1 11.5 8h4a4.5 4.5 0 0 1 0 9H12l-3.6 3v-3.900A4.5 4.5 0 0 1 7 12.500Z"
      />
      <path
        className="mark-back"
        d="M22 13.500a4.5 4.5 0 0 1 1.6 7.550V25L20 22h-3.500a4.5 4.5 0 0 1-3.7-2"
      />
    </svg>
  );
}

const HUES = [25, 70, 145, 215, 285, 335];

/** The initials of a person, in a colour of theirs, and whether they are online. */
export function Avatar({ id, name, isOnline }: { id: string; name: string; isOnline?: boolean }) {
  const words = name.split(/\s+/).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
  const number = [...id].reduce((sum, char) => (sum * 13 + char.codePointAt(0)!) % 6007, 0);
  return (
    <span className="avatar" style={{ '--hue': HUES[number % 6] } as object} aria-hidden="true">
      {initials}
      {isOnline !== undefined && <span className={isOnline ? 'dot online' : 'dot'} />}
    </span>
  );
}
