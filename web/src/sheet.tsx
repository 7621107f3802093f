import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './icons';

/**
 * A dialog over one person's pane; the other people go on. The pane makes what lies below inert.
 * Escape closes it, and the focus goes back to where it was.
 */
export function Sheet({
  title,
  close,
  children,
}: {
  title: string;
  close: () => void;
  children: ReactNode;
}) {
  const titleId = useId();
  const dialog = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const first = dialog.current?.querySelector<HTMLElement>('[data-autofocus]:not(:disabled)');
    (first ?? dialog.current)?.focus();
    return () => {
      // The pane is inert until the sheet is gone.
      requestAnimationFrame(() => before instanceof HTMLElement && before.focus());
    };
  }, []);
  return (
    <div
      className="scrim"
      onPointerDown={({ target, currentTarget }) => target === currentTarget && close()}
    >
      <div
        className="sheet"
        role="dialog"
        aria-labelledby={titleId}
        tabIndex={-1}
        ref={dialog}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          close();
        }}
      >
        <header>
          <h3 id={titleId}>{title}</h3>
          <IconButton icon="close" label="Close" onClick={close} />
        </header>
        {children}
      </div>
    </div>
  );
}
