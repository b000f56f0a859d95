// MusterTesting: what tests and benchmarks share.
//
// A clock that is moved by hand, folders that vanish, a provider that does as it is told, and generators of
// random cases. Linked by tests and benchmarks only.
//
// What needs more than MusterCore and MusterRuntime stands in a folder named after what it needs: a build with a
// sanitizer leaves such folders out (MUSTER_FOCUS in Package.swift).
