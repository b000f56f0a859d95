// MusterEngine: where decisions meet effects.
//
// `Engine` puts the parts together. Each folder is one concern: `Provision` makes passes, `Launches` carries
// launches out and settles them, `Workers` watches deadlines and ends instances, `Reconcile` compares rows
// with what the providers list, `Queue` serves claims, `Registration` admits workers, `Control` takes what
// people order, `Publish` delivers events, `Retention` forgets, `Doctor` looks for what is
// wrong. `Loops` is what they all run on.
//
// Nothing here decides by itself: it reads a snapshot, asks MusterCore, writes the intent, acts, and records
// what became of it.
