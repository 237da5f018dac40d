import type { ReactNode } from 'react';
import type { PriceRow } from '../../../../proxy/contract/prices.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { count } from '../../format/count.ts';
import { money } from '../../format/money.ts';
import { pricesText } from '../../text/prices.ts';

const { price: text, list } = pricesText;

/** Everything of a row that is not a rate for a million. */
export function PriceFacts({ row }: { readonly row: PriceRow }): ReactNode {
  const { aliases = [], contextTokens, maxOutputTokens, longContext, tiers = {}, rates, note } = row;
  const images = Object.entries(rates.images ?? {});
  const tierNames = Object.entries(tiers).flatMap(([name, steps]) => {
    const latest = steps?.at(-1);
    return latest ? [text.tier(name, factor(latest.permille))] : [];
  });
  return (
    <Facts>
      {aliases.length > 0 && <Fact name={text.aliases} value={mono(aliases.join(', '))} />}
      <Fact name={text.context} value={list.tokens(count(contextTokens))} />
      {maxOutputTokens > 0 && <Fact name={text.maxOutput} value={list.tokens(count(maxOutputTokens))} />}
      {longContext && (
        <Fact
          name={text.longContext}
          value={text.longContextWords(
            count(longContext.aboveInputTokens),
            factor(longContext.inputPermille),
            factor(longContext.outputPermille),
          )}
        />
      )}
      {tierNames.length > 0 && <Fact name={text.tiers} value={tierNames.join(', ')} />}
      {images.length > 0 && (
        <Fact
          name={text.images}
          value={images.map(([name, rate]) => (
            <div key={name} className="tg-num">{`${name} ${money(rate)}`}</div>
          ))}
        />
      )}
      <Fact name={text.source} value={row.source} />
      <Fact name={text.asOf} value={<span className="tg-num">{row.asOf}</span>} />
      {note !== undefined && <Fact name={text.note} value={note} />}
    </Facts>
  );
}

/** Thousandths as people read them: 2000 is `2`. */
function factor(permille: number): string {
  return String(permille / 1_000);
}

function mono(words: string): ReactNode {
  return <code className="tg-mono">{words}</code>;
}
