// MusterEvents: where events go.
//
// `EventSink` is what the engine's publish loop delivers to; each folder is one kind of sink. A sink renders
// and delivers, and knows nothing of the store: what it has got, the engine remembers.
