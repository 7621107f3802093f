import { BadUserInputError } from '../../src/errors';
import { OfferItemKind } from '../../src/offer/offer.entity';
import { checkTerms } from '../../src/offer/offer.terms';

/** ISO 4217's list one, currencies and funds, as of January 2026. */
const ISO_4217 = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
  CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
  HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
  MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
  RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
  USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX
  YER ZAR ZMW ZWG`
  .trim()
  .split(/\s+/);

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

function isTaken(currency: string | null): boolean {
  const items = [{ giverId: 'alice', kind: OfferItemKind.MONEY, amount: 1, currency }];
  try {
    checkTerms({ items });
    return true;
  } catch (error) {
    if (error instanceof BadUserInputError && error.extensions.field === 'input.items.0.currency')
      return false;
    throw error;
  }
}

describe('the currency of money', () => {
  test('is any of ISO 4217, and of three letters nothing else: not what was withdrawn', () => {
    const codes = LETTERS.flatMap((one) =>
      LETTERS.flatMap((two) => LETTERS.map((three) => one + two + three)),
    );
    expect(codes.filter(isTaken)).toEqual(ISO_4217);
  });

  test.each([
    null,
    '',
    'eur',
    'Eur',
    ' EUR',
    'EUR ',
    'EU',
    'EURO',
    '978',
    '€',
    'ＥＵＲ',
    'EUR\n',
    '__proto__',
    'toString',
  ])('is not %j', (currency) => {
    expect(isTaken(currency)).toBe(false);
  });
});
