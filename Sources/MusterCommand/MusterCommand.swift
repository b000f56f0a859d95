// MusterCommand: the `muster` executable.
//
// `Arguments`, `Terminal` and `Configuration` are its front; `Service` wires the parts to a running Muster;
// `Client` reaches a service that runs, or the database when none does; `Commands` has a file for each
// command; `Demo` shows the main job. This is the wiring: only here are the real clock, real chance and the
// environment read.
