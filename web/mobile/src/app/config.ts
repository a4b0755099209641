import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { setZone } from '@shared/values/dates'
import { shallowRef } from 'vue'
import { api } from './api'

export type Config = components['schemas']['Config']

const config = shallowRef<Config>()

/** What the bank says about itself; undefined until it has answered. */
export function useConfig(): Readonly<typeof config> {
  return config
}

/** Asks once at the start. Without an answer the app goes on with the bank's defaults. */
export async function loadConfig(): Promise<void> {
  try {
    config.value = await ask(api.GET('/config'))
    setZone(config.value.timezone)
  } catch {
    // Offline or not reachable: pages that need the bank say so themselves.
  }
}
