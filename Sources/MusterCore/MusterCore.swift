// MusterCore: the domain of Muster, as values and decisions.
//
// Pure: no I/O, no clock and no randomness of its own. Whatever a decision needs is handed to it, so
// that the engine, a dry run, the simulator and the property tests run the same code.
