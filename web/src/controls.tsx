/** The parts that components share: attempts, fields, a form, a row, and a dialog. */
import {
  type ComponentProps,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { dayOf, reasonOf, timeOf } from './format';
import { IconButton } from './icons';

/** Runs what the person asks for, and keeps the fault when it fails. */
export function useAttempt<F>(faultOf: (problem: unknown) => F) {
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState<F>();
  const attempt = async (task: () => Promise<unknown>) => {
    setIsBusy(true);
    setFault(undefined);
    try {
      await task();
    } catch (problem) {
      setFault(faultOf(problem));
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, fault, setFault, attempt };
}

interface Common {
  label: string;
  /** Shown below the field, and read with it. */
  fault?: string | undefined;
}

/** A field with a label and, when something is wrong, the reason. */
export function Field({ label, fault, ...rest }: Common & ComponentProps<'input'>) {
  return (
    <Labelled label={label} fault={fault}>
      {(props) => <input {...rest} {...props} />}
    </Labelled>
  );
}

type Options = readonly (readonly [value: string | number, text: string])[];

/** The same with a list of choices. */
export function Choice({
  label,
  fault,
  options,
  ...rest
}: Common & { options: Options } & ComponentProps<'select'>) {
  return (
    <Labelled label={label} fault={fault}>
      {(props) => (
        <select {...rest} {...props}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function Labelled({
  label,
  fault,
  children,
}: Common & { children: (props: { id: string }) => ReactNode }) {
  const id = useId();
  const reasonId = `${id}-reason`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(fault && { 'aria-invalid': true, 'aria-describedby': reasonId }) })}
      {fault && (
        <p className="fault" id={reasonId}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface FormProps {
  ref?: Ref<HTMLFormElement>;
  /** The text of the button that submits. */
  action: string;
  submit: () => void;
  cancel: () => void;
  isBusy: boolean;
  fault: string | undefined;
  children: ReactNode;
}

/** Fields, and below them what is wrong with all of them and the buttons. */
export function Form({ ref, action, submit, cancel, isBusy, fault, children }: FormProps) {
  return (
    <form
      className="form"
      ref={ref}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="form-body">{children}</div>
      <footer>
        <Fault>{fault}</Fault>
        <button type="button" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {action}
        </button>
      </footer>
    </form>
  );
}

/** The reason why something has failed, which screen readers say at once. */
export function Fault({ children }: { children: string | undefined }) {
  return (
    <p role="alert" className="fault">
      {children}
    </p>
  );
}

/** Loads one page more. */
export function MoreButton({ load, children }: { load: () => Promise<void>; children: string }) {
  const { isBusy, fault, attempt } = useAttempt(reasonOf);
  return (
    <button type="button" className="quiet more" disabled={isBusy} onClick={() => attempt(load)}>
      {fault ? 'That failed. Try again' : children}
    </button>
  );
}

interface RowProps extends ComponentProps<'button'> {
  avatar: ReactNode;
  at: string;
  /** Below the time. */
  mark: ReactNode;
}

/** A row of a list: who, what, and when. It is a button. */
export function Row({ avatar, at, mark, children, ...rest }: RowProps) {
  const day = dayOf(at);
  return (
    <button type="button" className="row" {...rest}>
      {avatar}
      <span className="row-main">{children}</span>
      <span className="row-side">
        <time dateTime={at}>{day === 'Today' ? timeOf(at) : day}</time>
        {mark}
      </span>
    </button>
  );
}

type SheetProps = { title: string; close: () => void; children: ReactNode };

/**
 * A dialog over one person's pane; the other people go on. The pane makes what lies below inert.
 * Escape closes it, and the focus goes back to where it was.
 */
export function Sheet({ title, close, children }: SheetProps) {
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
