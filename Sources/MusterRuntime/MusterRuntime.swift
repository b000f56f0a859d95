// MusterRuntime: what every part stands on.
//
// Locks, clocks, logging, and YAML and JSON on their way in. Knows nothing of pools, clouds or stores.
