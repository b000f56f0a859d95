// MusterBench: the `muster-bench` executable.
//
// Each benchmark is a folder: it builds its scene with the real engine on a real database, measures the same
// thing several times beside a baseline of the same run, and gives figures. `Budgets.swift` says which of them
// are promises; `Report` shows both. Only release builds are measured.
