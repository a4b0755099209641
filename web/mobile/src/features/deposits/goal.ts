import type { components } from '@shared/api/mobile'
import { parseAmount, type Money } from '@shared/values/money'
import type { Deposit } from './deposit'

type Goal = components['schemas']['Goal']

/** Characters that a goal's name may have. */
export const nameMost = 20

/** What payments can be rounded up to. */
export const roundings = ['1.00', '5.00', '10.00'] as const

export type GoalForm = { name: string; target: string; targetOn: string; roundUp: boolean; roundTo: (typeof roundings)[number]; standing: boolean; monthly: string; day: string }

export const emptyGoal: GoalForm = { name: '', target: '', targetOn: '', roundUp: false, roundTo: '1.00', standing: false, monthly: '', day: '15' }

/** A pot's plan as the form holds it. */
export function formOf({ goal }: Pick<Deposit, 'goal'>): GoalForm {
  return {
    name: goal?.name ?? '', target: goal?.target?.amount ?? '', targetOn: goal?.targetOn ?? '',
    roundUp: goal?.roundTo !== undefined, roundTo: roundings.find((one) => one === goal?.roundTo?.amount) ?? '1.00',
    standing: goal?.monthly !== undefined, monthly: goal?.monthly?.amount ?? '', day: String(goal?.day ?? 15),
  }
}

/** The form as the bank takes it; undefined while a sum in it is none, with the name of its field. */
export function goalOf(form: GoalForm, currency: string): { ok: true; goal: Goal } | { ok: false; field: 'target' | 'monthly' } {
  const money = (typed: string): Money | undefined => {
    const parsed = parseAmount(typed, currency)
    return parsed.ok ? { amount: parsed.amount, currency } : undefined
  }
  const target = form.target === '' ? undefined : money(form.target)
  if (form.target !== '' && target === undefined) return { ok: false, field: 'target' }
  const monthly = form.standing ? money(form.monthly) : undefined
  if (form.standing && monthly === undefined) return { ok: false, field: 'monthly' }
  const name = form.name.trim()
  return {
    ok: true,
    goal: {
      ...(name === '' ? {} : { name }), ...(target === undefined ? {} : { target }), ...(form.targetOn === '' ? {} : { targetOn: form.targetOn }),
      ...(form.roundUp ? { roundTo: { amount: form.roundTo, currency } } : {}), ...(monthly === undefined ? {} : { monthly, day: Number(form.day) }),
    },
  }
}
