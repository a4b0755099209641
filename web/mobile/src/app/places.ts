import { useText } from '@shared/i18n/text'
import type { IconName } from '@shared/ui/icons'
import type { Tab } from '@shared/ui/tab-bar.vue'
import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { Place } from './feature'
import { frameText } from './text/frame'

/** The places in the order of the bar; five at most, pay in the middle. A place is a route of the same name. */
const places: readonly { place: Place; icon: IconName; raised?: boolean }[] = [
  { place: 'home', icon: 'home' },
  { place: 'wealth', icon: 'grow' },
  { place: 'pay', icon: 'scan', raised: true },
  { place: 'life', icon: 'life' },
  { place: 'messages', icon: 'bell' },
  { place: 'me', icon: 'me' },
]

/** The places that have something in them: those that some feature has made a route for. */
export function usePlaces(): ComputedRef<Tab[]> {
  const router = useRouter()
  const t = useText(frameText)
  return computed(() =>
    places
      .filter(({ place }) => router.hasRoute(place))
      .map(({ place, icon, raised = false }) => ({ key: place, label: t(`place.${place}`), icon, raised, to: { name: place } })),
  )
}
