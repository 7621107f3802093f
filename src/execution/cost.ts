/**
 * Costs: an upper bound of the fields that an operation can ask for. A field costs 1. What stands
 * below a paged field counts once for each entry of the page.
 *
 * Pages may have their size from a variable. So a cost is compiled to sums, once for each document,
 * and only the sums that depend on variables are added up for an execution. Each fragment has one
 * sum, however often it is spread, so both take no longer than the document is.
 */

type Variables = Readonly<Record<string, unknown>>;

/** The arguments of a page's size, in the order in which they count: the first that is given. */
export interface PageSize {
  /** Each a number, or the name of a variable. */
  readonly given: readonly (number | string)[];
  /** The size when none is given. */
  readonly otherwise: number;
  /** A greater one is refused when the field is resolved, and so counts as this. */
  readonly most: number;
}

interface Term {
  /** null for a fragment, which counts once. */
  readonly page: PageSize | null;
  readonly of: Sum;
}

/** The cost of one selection set: a constant, and what depends on variables. */
export class Sum {
  private constant = 0;
  private readonly terms: Term[] = [];

  add(constant: number): void {
    this.constant += constant;
  }

  /** @param page null for a fragment */
  addTimes(page: PageSize | null, of: Sum): void {
    if (of.terms.length === 0 && isConstant(page)) this.constant += times(page, {}) * of.constant;
    else this.terms.push({ page, of });
  }

  /** @param known the values of sums that were added up before, with the same variables */
  value(variables: Variables, known: Map<Sum, number> | null = null): number {
    if (this.terms.length === 0) return this.constant;
    const all = known ?? new Map<Sum, number>();
    let value = all.get(this);
    if (value === undefined) {
      value = this.constant;
      for (const { page, of } of this.terms)
        value += times(page, variables) * of.value(variables, all);
      all.set(this, value);
    }
    return value;
  }
}

function isConstant(page: PageSize | null): boolean {
  return page === null || page.given.every((size) => typeof size === 'number');
}

function times(page: PageSize | null, variables: Variables): number {
  if (page === null) return 1;
  for (const size of page.given) {
    const value = typeof size === 'number' ? size : variables[size];
    if (typeof value === 'number') return Math.min(Math.max(value, 1), page.most);
  }
  return page.otherwise;
}
