/** The arguments that several lists have, as decorators of a resolver's parameters. */
import { Arg, Int } from 'type-graphql';
import { OfferStatus } from '../../offer/offer.entity';

/** The size of a page: `number | null`. */
export const First = () =>
  Arg('first', () => Int, {
    nullable: true,
    description: 'The size of the page: 1 to 100, 20 by default.',
  });

/** The cursor behind which a page begins: `string | null`. */
export const After = () =>
  Arg('after', () => String, {
    nullable: true,
    description: 'A cursor: the page begins behind it.',
  });

/** The states of the offers in a list: `OfferStatus[] | null`. */
export const InStatus = () =>
  Arg('status', () => [OfferStatus], {
    nullable: true,
    description: 'Only offers in one of these states; null for all.',
  });
