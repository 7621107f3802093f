import { type ComponentProps, useId } from 'react';

interface Common {
  label: string;
  /** Shown below the field, and read with it. */
  fault?: string | undefined;
}

/** A field with a label and, when something is wrong, the reason. */
export function Field({ label, fault, ...rest }: Common & ComponentProps<'input'>) {
  const { id, props, reason } = useParts(fault);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...rest} {...props} />
      {reason}
    </div>
  );
}

/** The same with a list of choices. */
export function Choice({ label, fault, ...rest }: Common & ComponentProps<'select'>) {
  const { id, props, reason } = useParts(fault);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select {...rest} {...props} />
      {reason}
    </div>
  );
}

function useParts(fault: string | undefined) {
  const id = useId();
  const reasonId = `${id}-reason`;
  return {
    id,
    props: { id, ...(fault && { 'aria-invalid': true, 'aria-describedby': reasonId }) },
    reason: fault && (
      <p className="fault" id={reasonId}>
        {fault}
      </p>
    ),
  };
}
