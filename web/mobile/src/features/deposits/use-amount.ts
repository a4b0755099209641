import { useText } from '@shared/i18n/text'
import { common } from '@shared/text/common'
import { compareMoney, formatMoney, parseAmount, type Money } from '@shared/values/money'
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { text } from './text'

export type Bounds = { currency: string; least?: Money | undefined; most?: Money | undefined }

export type Amount = {
  /** What was typed, when it is an amount within its bounds. */
  amount: ComputedRef<Money | undefined>
  /** What is wrong with it, once it is worth saying. */
  error: ComputedRef<string | undefined>
  /** The person left the field or pressed on: what is missing may be said. */
  touched: Ref<boolean>
}

/** Judges an amount as it is typed. The bank judges again. */
export function useAmount(typed: () => string, bounds: () => Bounds): Amount {
  const c = useText(common)
  const t = useText(text)
  const touched = ref(false)
  const parsed = computed(() => parseAmount(typed(), bounds().currency))
  const wrong = computed(() => {
    const { value } = parsed
    if (!value.ok) return value.error === 'above' || value.error === 'below' ? undefined : c(`amount.${value.error}`)
    const { currency, least, most } = bounds()
    const money = { amount: value.amount, currency }
    if (least !== undefined && compareMoney(money, least) < 0) return t('tooLittle', { least: formatMoney(least) })
    return most !== undefined && compareMoney(money, most) > 0 ? t('tooMuch', { most: formatMoney(most) }) : undefined
  })
  return {
    amount: computed(() => (parsed.value.ok && wrong.value === undefined ? { amount: parsed.value.amount, currency: bounds().currency } : undefined)),
    error: computed(() => (touched.value ? wrong.value : undefined)),
    touched,
  }
}
