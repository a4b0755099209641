import type { Entry, Feature } from './feature'

const features = Object.values(import.meta.glob<Feature>('../features/*/feature.ts', { eager: true, import: 'feature' }))

export const featureRoutes = features.flatMap((feature) => feature.routes)

/** All ways into work, in their order. */
export const entries: readonly Entry[] = features.flatMap((feature) => feature.entries ?? []).toSorted((a, b) => a.order - b.order)
