import { useText } from '@shared/i18n/text'
import { formatMoney } from '@shared/values/money'
import { isZero, type Product } from './deposit'
import { text } from './text'

/** Says a product's terms in plain words, one sentence for each figure that binds. */
export function useTermWords(): (product: Product) => string[] {
  const t = useText(text)
  return (product) => [...begins(product), ...takes(product), ...ends(product), counts(product)]

  function begins({ kind, least, months, noticeDays }: Product): string[] {
    const first = t(kind === 'instalment' ? 'terms.leastMonthly' : 'terms.least', { least: formatMoney(least) })
    if (kind === 'notice') return [first, t('terms.notice', { days: noticeDays })]
    return months === 0 ? [first] : [first, t('terms.months', { months })]
  }
  function takes({ kind, earlyPartial, earlyPercent, leastLeft, leastOut, transferable }: Product): string[] {
    if (kind === 'pot') return [t('terms.pot')]
    if (kind === 'notice') return [t('terms.noNotice', { percent: earlyPercent }), t('terms.noticeLeast', { out: formatMoney(leastOut), left: formatMoney(leastLeft) })]
    const all = [t('terms.early', { percent: earlyPercent })]
    all.push(earlyPartial > 0 ? t('terms.parts', { parts: earlyPartial, left: formatMoney(leastLeft) }) : t('terms.whole'))
    if (kind === 'instalment') all.push(t('terms.missed'))
    if (transferable) all.push(t('terms.transferable'))
    return all
  }
  function ends({ months, rollovers, earlyPercent, settleDay }: Product): string[] {
    if (settleDay > 0) return [t('terms.settles', { day: settleDay })]
    if (months === 0) return []
    return [t('terms.end', { choices: rollovers.map((one) => t(`rollover.${one}`)).join(t('or')) }), t('terms.overdue', { percent: earlyPercent })]
  }
  function counts({ kind, dayCount, leastLeft }: Product): string {
    if (kind === 'pot' || kind === 'instalment') return t('terms.sums')
    return dayCount === 'anniversary' || isZero(leastLeft) ? t('terms.anniversary') : t('terms.days')
  }
}
