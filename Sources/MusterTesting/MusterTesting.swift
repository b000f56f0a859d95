// MusterTesting: what tests and benchmarks share.
//
// A clock that is moved by hand, folders that vanish, a provider that does as it is told, and generators of
// random cases. Linked by tests and benchmarks only.
