import type { Entry, EntryPlace, Feature } from './feature'

const features = Object.values(import.meta.glob<Feature>('../features/*/feature.ts', { eager: true, import: 'feature' }))

export const featureRoutes = features.flatMap((feature) => feature.routes)

/** The entries of a place, in their order. */
export function entriesIn(place: EntryPlace): Entry[] {
  return features.flatMap((feature) => feature.entries ?? []).filter((entry) => entry.in.includes(place)).toSorted((a, b) => a.order - b.order)
}
