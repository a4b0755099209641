import { api, type Wire } from '@console/api'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'
import { saveFile } from '@shared/use/save-file'
import type { Money } from '@shared/values/money'
import { countedOf, type Pieces } from './use-pieces'

/** What a customer at the counter wants. */
export type Service = 'in' | 'out' | 'transfer' | 'account' | 'pin'

/** What came of it, and the paper that goes with it. */
export type Served = { kind: Service; amount?: Money; state?: string; movement?: string; transfer?: string; asked?: boolean; note?: string }

/** A customer's cash, in or out. `approve` asks for approval of what is too much for one person. */
export type CashOrder = { way: 'in' | 'out'; till: string; account: string; pieces: Pieces; pin: string; approve?: string | undefined }

/** Moves cash, once however often it is sent. */
export function useCash(): Act<[CashOrder], Served> {
  const once = useOnce()
  return useAct(async (order: CashOrder) => {
    const pieces = countedOf(order.pieces)
    const options = { params: { path: { id: order.till }, header: onceOnly(once([order.way, order.account, pieces, order.approve])) } }
    if (order.way === 'in') {
      const moved = await ask(api.POST('/tills/{id}/deposits', { ...options, body: { pieces, account: order.account } }))
      return { kind: 'in' as const, amount: moved.amount, movement: moved.id }
    }
    const body = { pieces, account: order.account, pin: order.pin }
    if (order.approve !== undefined) {
      await ask(api.POST('/tills/{id}/withdrawal-requests', { ...options, body: { ...body, reason: order.approve } }))
      return { kind: 'out' as const, asked: true }
    }
    const moved = await ask(api.POST('/tills/{id}/withdrawals', { ...options, body }))
    return { kind: 'out' as const, amount: moved.amount, movement: moved.id }
  })
}

/** A key for each thing that is wanted: repeated unchanged it is the same, changed it is another. */
function useOnce(): (what: unknown) => string {
  let key = newKey()
  let wanted = ''
  return (what) => {
    const now = JSON.stringify(what)
    if (wanted !== '' && now !== wanted) key = newKey()
    wanted = now
    return key
  }
}

/** Checks a transfer: what it would do, before the customer types his PIN. */
export function useCheck(id: string): Act<[Wire<'CounterTransfer'>], Wire<'CounterChecked'>> {
  return useAct((body: Wire<'CounterTransfer'>) => ask(api.POST('/customers/{id}/transfer-checks', { params: { path: { id } }, body })))
}

/** Sends what was checked. */
export function useSend(id: string): Act<[Wire<'CounterChecked'>, string], Served> {
  const once = useOnce()
  return useAct(async ({ intent }: Wire<'CounterChecked'>, pin: string) => {
    const sent = await ask(api.POST('/customers/{id}/transfers', { params: { path: { id }, header: onceOnly(once(intent)) }, body: { intent, pin } }))
    return { kind: 'transfer' as const, amount: sent.amount, state: sent.state, ...(sent.state === 'settled' ? { transfer: sent.id } : {}) }
  })
}

/** Opens an account. */
export function useOpening(id: string): Act<[string], Served> {
  let key = newKey()
  return useAct(async (product: string) => {
    const made = await ask(api.POST('/customers/{id}/accounts', { params: { path: { id }, header: onceOnly(key) }, body: { product } }))
    key = newKey()
    return { kind: 'account' as const, note: made.number }
  })
}

/** The customer's slip of cash, as a paper. */
export async function printSlip(movement: string): Promise<void> {
  saveFile(await ask(api.GET('/cash/movements/{id}/slip.pdf', { params: { path: { id: movement } }, parseAs: 'blob' })), `${movement}.pdf`)
}

/** The customer's receipt of a transfer, as a paper. */
export async function printReceipt(id: string, transfer: string): Promise<void> {
  saveFile(await ask(api.GET('/customers/{id}/transfers/{transfer}/receipt.pdf', { params: { path: { id, transfer } }, parseAs: 'blob' })), `${transfer}.pdf`)
}

/** A scan as the bank takes it: base64 without the head. */
export function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(reader.error ?? new TypeError('the scan cannot be read')))
    reader.readAsDataURL(file)
  })
}
