// MusterSimulator: the same decisions under a virtual clock.
//
// Recorded workloads, the queue's rules and a simulated cloud, driven by a heap of events. Whoever decides is a
// `SimulatedPolicy`; Muster's own calls the very code that the engine calls. Nothing here reads a clock, opens a
// store or calls a cloud: the same setup and seed give the same result, to the byte.
